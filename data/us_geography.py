"""Places counted once, outlines of states, and which state a position is in."""

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

PLACES_INSIDE = Path(__file__).with_name("us_places_inside.csv")
NOT_CONTIGUOUS = {"AK", "HI"}
MIN_POPULATION = 15_000  # GeoNames' cities15000
# Counties (FIPS) that are wholly one city: every other place in them is inside that city.
CITY_COUNTIES = {
    "36005": "New York City",  # The Bronx
    "36047": "New York City",  # Brooklyn
    "36061": "New York City",  # Manhattan
    "36081": "New York City",  # Queens
    "36085": "New York City",  # Staten Island
    "06075": "San Francisco",
    "08031": "Denver",
    "11001": "Washington",
    "22071": "New Orleans",
    "24510": "Baltimore",
    "29510": "St. Louis",
    "42101": "Philadelphia",
}
VIRGINIA_CITIES_FROM = "51510"  # FIPS of Virginia's independent cities, equivalent to counties


def read_places(folder: Path) -> pd.DataFrame:
    """GeoNames' populated places over 15,000 people in the contiguous states."""
    listed = json.loads((folder / "cities15000.json").read_text(encoding="utf-8"))
    places = pd.DataFrame(
        {
            "id": str(place["geonameid"]),
            "name": place["name"],
            "state": place["admin1code"],
            "lat": place["latitude"],
            "lon": place["longitude"],
            "population": place["population"],
        }
        for place in listed.values()
        if place["countrycode"] == "US" and place["admin1code"] not in NOT_CONTIGUOUS
    )
    places = places[places["population"] > MIN_POPULATION]
    return places.sort_values("id", key=lambda ids: ids.astype(int), ignore_index=True)


def places_counted_once(places: pd.DataFrame, atlas: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    The places without those inside another one, and those that were removed.

    GeoNames' feature codes are not packaged, so: by position in a county that is wholly one
    city, and by the list made by hand, which goes first and must name what GeoNames names.
    """
    by_hand = pd.read_csv(PLACES_INSIDE, dtype=str).set_index("id")
    name_of = places.set_index("id")["name"]
    if not (by_hand["name"] == name_of.reindex(by_hand.index)).all():
        sys.exit(f"{PLACES_INSIDE.name}: an id is not listed by GeoNames under that name")
    by_county = inside_city_county(places, atlas)
    inside = by_hand["inside_id"].combine_first(by_county)
    why = by_hand["why"].reindex(inside.index).fillna("county")
    removed = places[places["id"].isin(inside.index)].reset_index(drop=True)
    removed["inside_id"] = removed["id"].map(inside)
    removed["inside_name"] = removed["inside_id"].map(name_of)
    removed["why"] = removed["id"].map(why)
    kept = places[~places["id"].isin(inside.index)].reset_index(drop=True)
    if not removed["inside_id"].isin(kept["id"]).all():
        sys.exit("a place was removed as part of a place that is removed itself")
    return kept, removed


def inside_city_county(places: pd.DataFrame, atlas: Path) -> pd.Series:
    """The city's id for every other place in a county that is wholly one city, by place id."""
    counties = read_topology(atlas / "counties-10m.json", "counties")
    virginia = counties["fips"].between(VIRGINIA_CITIES_FROM, "51999")
    city = counties["fips"].map(CITY_COUNTIES).mask(virginia, counties["name"])
    counties = counties.assign(city=city).dropna(subset="city")
    points = gpd.GeoDataFrame(places, geometry=points_of(places), crs=counties.crs)
    found = points.sjoin(counties[["city", "geometry"]], predicate="within")
    cities = found[found["name"] == found["city"]].set_index("city")["id"]
    others = found[(found["name"] != found["city"]) & found["city"].isin(cities.index)]
    return others.set_index("id")["city"].map(cities).rename("inside_id")


def state_outlines(atlas: Path, geonames: Path, tolerance_deg: float) -> gpd.GeoDataFrame:
    """Outlines of the contiguous states and the District of Columbia, with postal codes."""
    listed = json.loads((geonames / "us_states.json").read_text(encoding="utf-8"))
    postal = {state["fips"]: state["code"] for state in listed.values()}
    states = read_topology(atlas / "states-10m.json", "states", tolerance_deg)
    states["state"] = states["fips"].map(postal)
    contiguous = states["state"].notna() & ~states["state"].isin(NOT_CONTIGUOUS)
    return states[contiguous].sort_values("state", ignore_index=True)


def read_topology(file: Path, name: str, tolerance_deg: float = 0) -> gpd.GeoDataFrame:
    """
    One object of a TopoJSON file as polygons.

    A shared border is one arc, so simplifying arcs leaves no gap between neighbours.
    """
    topology = json.loads(file.read_text(encoding="utf-8"))
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    lines = [
        shapely.LineString(np.cumsum(arc, axis=0) * scale + origin) for arc in topology["arcs"]
    ]
    if tolerance_deg:
        lines = [line.simplify(tolerance_deg) for line in lines]
    arcs = [shapely.get_coordinates(line) for line in lines]
    shapes = topology["objects"][name]["geometries"]
    return gpd.GeoDataFrame(
        {"fips": [s["id"] for s in shapes], "name": [s["properties"]["name"] for s in shapes]},
        geometry=[polygons(shape, arcs) for shape in shapes],
        crs="EPSG:4326",
    )


def polygons(shape: dict, arcs: list[np.ndarray]) -> shapely.Geometry:
    """A TopoJSON shape as one valid multipolygon; rings that simplification closed are dropped."""
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    outlined = []
    for part in parts:
        rings = [join(ring, arcs) for ring in part]
        outer, *holes = rings
        if len(outer) >= 4:
            outlined.append(shapely.Polygon(outer, [hole for hole in holes if len(hole) >= 4]))
    return shapely.make_valid(shapely.MultiPolygon(outlined), method="structure")


def join(ring: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """The coordinates of a ring of arcs; a negative number is an arc walked backwards."""
    walked = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
    return np.concatenate([walked[0], *(arc[1:] for arc in walked[1:])])


def state_at(positions: pd.DataFrame, outlines: gpd.GeoDataFrame) -> np.ndarray:
    """The postal code of the state at each position; the nearest one for those off shore."""
    outline, state = outlines.geometry.to_numpy(), outlines["state"].to_numpy()
    points = points_of(positions)
    tree = shapely.STRtree(outline)
    found = np.full(len(points), None, dtype=object)
    within = tree.query(points, predicate="within")
    found[within[0]] = state[within[1]]
    outside = np.flatnonzero([code is None for code in found])
    found[outside] = state[tree.nearest(points[outside])]  # in degrees: they are close to land
    return found


def points_of(positions: pd.DataFrame) -> np.ndarray:
    """Shapely points from `lat` and `lon` (degrees)."""
    return shapely.points(positions["lon"].to_numpy(), positions["lat"].to_numpy())


def on_sphere(positions: pd.DataFrame) -> np.ndarray:
    """Unit vectors; the nearest in space is the nearest by great circle."""
    lat, lon = np.radians(positions["lat"]), np.radians(positions["lon"])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

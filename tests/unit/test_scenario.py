"""A scenario says what it means, or every fault in it is told at once."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.errors import InputError
from microdc.scenario import assumptions, load_scenario, parse_scenario

SMALLEST = """\
schema: 1
name: tiny
substations: {path: substations.csv}
demand: {path: places.csv}
services:
  rtt-2ms:
    rtt_ms: 2
    kw_it_per_1000_people: 12
"""
WHOLE = """\
schema: 1
name: texas
currency: USD
price_year: 2025
substations:
  - path: data/substations.parquet
    source: {title: Synthetic grid with modelled headroom, date: 2022-12-10, licence: CC BY 4.0}
    where: "state == 'TX'"
    columns: {headroom_mw: "Estimated Demand Headroom (MVA)", parent: [Upstream BSP, Upstream GSP]}
    units: {headroom_mw: MVA}
    power_factor: 0.9
    reserve_share: 0.1
demand: {path: data/places.parquet, where: "state == 'TX'"}
services:
  rtt-10ms: {rtt_ms: 10, kw_it_per_1000_people: 8, unserved_mn_per_mw_yr: 4}
  rtt-2ms:
    rtt_ms: 2
    kw_it_per_1000_people: 4
    min_served: 0.95
    unserved_mn_per_mw_yr: 8
    split: true
    outage: off
latency: {access_ms: 0.5, route_factor: 1.5, km_per_ms: 204, processing_ms: 0}
compute: {kw_it_per_rack: 120, gpus_per_rack: 72}
sites: {min_mw: 5, max_mw: 20, modules_mw: [5, 10, 15, 20], pue: 1.25}
costs:
  facility_mn_per_mw_it: 11
  site_mn: 3
  connection_mn: 0.65
  feeder_mn_per_km: 0.81
  fibre_mn_per_km: 0.059
  energy_per_mwh: 0
  annuity: {years: 15, rate: 0.08}
limits:
  {budget_mn: null, max_sites: 25, max_sites_by: {state: 50}, separation_km: 0, forbid: []}
connection: {type: firm, max_hours_per_yr: 0, max_mwh_per_mw_yr: 0, max_run_h: 0}
hours: off
objective: least-cost
solve: {gap: 0.001, time_limit_s: 60, threads: 2, seed: 0, formulation: auto}
"""


def read(text, file=Path("folder/scenario.yaml")):
    return parse_scenario(text.encode() if isinstance(text, str) else text, file)


def told(text):
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.exit_code == 3
    return caught.value.message


def test_five_keys_make_a_scenario():
    scenario = read(SMALLEST)
    service = scenario.services["rtt-2ms"]
    assert (scenario.schema_, scenario.name, scenario.currency) == (1, "tiny", "USD")
    assert (service.rtt_ms, service.floor) == (2, 1)
    assert scenario.sites.modules_mw == ()
    assert scenario.objective == ("least-cost",)


def test_every_key_of_today_is_read():
    scenario = read(WHOLE)
    [table] = scenario.substations
    assert table.path == Path("data/substations.parquet")
    assert table.source.date == "2022-12-10"
    assert table.columns["parent"] == ("Upstream BSP", "Upstream GSP")
    assert table.columns["headroom_mw"] == ("Estimated Demand Headroom (MVA)",)
    assert (table.power_factor, table.reserve_share) == (0.9, 0.1)
    assert list(scenario.services) == ["rtt-10ms", "rtt-2ms"]
    assert scenario.services["rtt-2ms"].floor == 0.95
    assert scenario.limits.max_sites_by == {"state": 50}
    assert scenario.sites.modules_mw == (5, 10, 15, 20)


def test_a_folder_means_its_scenario_yaml(tmp_path):
    (tmp_path / "scenario.yaml").write_text(SMALLEST, encoding="utf-8")
    scenario = load_scenario(tmp_path)
    assert scenario == load_scenario(tmp_path / "scenario.yaml")
    assert scenario.path == tmp_path / "scenario.yaml"
    assert scenario.folder == tmp_path


def test_a_scenario_survives_pickling():
    again = pickle.loads(pickle.dumps(read(WHOLE)))
    assert (again, again.path) == (read(WHOLE), read(WHOLE).path)


def test_ids_are_text_as_they_are_written():
    scenario = read(SMALLEST + "limits: {force: [007, 1e3, NO, 0x1F], forbid: [2.50]}\n")
    assert scenario.limits.force == ("007", "1e3", "NO", "0x1F")
    assert scenario.limits.forbid == ("2.50",)


def test_an_empty_section_means_its_defaults():
    assert read(SMALLEST + "limits:\ncosts:\n").costs == read(SMALLEST).costs


def test_numbers_are_those_of_yaml_1_2():
    scenario = read(SMALLEST + "solve: {gap: 1e-3, seed: 0x10, time_limit_s: +6.e1}\n")
    assert (scenario.solve.gap, scenario.solve.seed, scenario.solve.time_limit_s) == (1e-3, 16, 60)


def test_a_byte_order_mark_and_windows_lines_are_read():
    text = "\ufeff" + SMALLEST.replace("\n", "\r\n")
    assert read(text) == read(SMALLEST)


# what the defaults are -------------------------------------------------------------------------


def test_every_default_in_use_is_an_assumption_with_unit_and_source():
    found = {a.key: a for a in assumptions(read(SMALLEST))}
    assert found["costs.facility_mn_per_mw_it"].value == 11
    assert found["costs.annuity.rate"].value == 0.08
    assert found["latency.km_per_ms"].unit == "km/ms"
    assert all(a.unit and a.source for a in found.values())


def test_what_the_user_states_is_no_assumption():
    assert assumptions(read(WHOLE)) == []


def test_the_power_factor_is_an_assumption_where_a_unit_is_mva():
    mva = SMALLEST.replace("substations.csv}", "substations.csv, units: {headroom_mw: MVA}}")
    assert "substations.power_factor" in {a.key for a in assumptions(read(mva))}
    assert "substations.power_factor" not in {a.key for a in assumptions(read(SMALLEST))}


def test_default_costs_are_multiplied_by_the_rate_and_stated_ones_are_not():
    scenario = read(SMALLEST + "currency: GBP\nusd_rate: 0.8\ncosts: {site_mn: 3}\n")
    assert scenario.costs.facility_mn_per_mw_it == pytest.approx(8.8)
    assert scenario.costs.site_mn == 3
    [facility] = [a for a in assumptions(scenario) if a.key == "costs.facility_mn_per_mw_it"]
    assert (facility.value, facility.unit) == (pytest.approx(8.8), "M GBP/MW IT")
    assert "0.8 GBP/USD" in facility.source
    assert not scenario.costs.connection_stated


def test_another_currency_needs_no_rate_where_every_cost_is_stated():
    costs = (
        "currency: EUR\ncosts: {facility_mn_per_mw_it: 9, site_mn: 2, connection_mn: 1, "
        "feeder_mn_per_km: 1, fibre_mn_per_km: 1}\n"
    )
    assert read(SMALLEST + costs).dollar == 1


def test_no_smallest_size_is_a_kilowatt():
    sites = read(SMALLEST + "sites: {min_mw: 0}\n").sites
    assert (sites.min_mw, sites.max_mw) == (0.001, 20)


def test_modules_may_reach_the_smallest_size_by_adding_up():
    assert read(SMALLEST + "sites: {min_mw: 5, max_mw: 6, modules_mw: [1.8]}\n").sites.max_mw == 6


# what is refused -------------------------------------------------------------------------------

BAD = {
    "no such key": ("max_site: 5\n", ["line 9, max_site: unknown key"]),
    "a misspelt section": ("latencies: {}\n", ["latencies: unknown key; did you mean latency?"]),
    "a key of another section": ("budget_mn: 5\n", ["did you mean limits.budget_mn?"]),
    "a misspelt inner key": ("sites: {mim_mw: 5}\n", ["sites.mim_mw", "did you mean min_mw?"]),
    "hyphens for underscores": ("sites: {max-mw: 5}\n", ["did you mean max_mw?"]),
    "a word for a number": ("sites: {min_mw: five}\n", ["min_mw: is not a number; found 'five'"]),
    "a number in quotes": ("sites: {min_mw: '5'}\n", ["is not a number; found '5'"]),
    "truth for a number": ("sites: {min_mw: true}\n", ["is not a number; found true"]),
    "infinity": ("sites: {max_mw: .inf}\n", ["is not a finite number; found .inf"]),
    "no number": ("costs: {site_mn: .nan}\n", ["is not a finite number; found .nan"]),
    "beyond all numbers": ("costs: {site_mn: 1e999}\n", ["not a finite number; found 1e999"]),
    "a negative size": ("sites: {min_mw: -5}\n", ["too small; found -5; allowed: at least 0"]),
    "PUE below one": ("sites: {pue: 0.9}\n", ["sites.pue", "found 0.9; allowed: at least 1"]),
    "half a site": ("limits: {max_sites: 2.5}\n", ["is not a whole number; found 2.5"]),
    "an empty value": ("sites: {min_mw: }\n", ["sites.min_mw: is empty"]),
    "a list for a mapping": ("sites: [5]\n", ["sites: is not a mapping of keys; found a list"]),
    "a number for a list": ("sites: {modules_mw: 5}\n", ["modules_mw: is not a list; found 5"]),
    "min above max": (
        "sites: {min_mw: 30}\n",
        ["line 9, sites.min_mw: is more than max_mw; found 30; allowed: at most max_mw, 20"],
    ),
    "modules that do not fit": (
        "sites: {min_mw: 5, max_mw: 7, modules_mw: [4]}\n",
        ["sites.modules_mw: no sum of modules", "found 4; allowed: 5 to 7"],
    ),
    "modules of watts": ("sites: {modules_mw: [5.0001]}\n", ["not in whole kW; found 5.0001"]),
    "forced and forbidden": (
        "limits: {force: [7, 8], forbid: [8]}\n",
        ["limits.forbid: ids are forced and forbidden; found 8"],
    ),
    "more forced than allowed": (
        "limits: {force: [7, 8], max_sites: 1}\n",
        ["limits.max_sites", "found 1; allowed: at least 2"],
    ),
    "an unknown kind of count": (
        "limits: {max_sites_by: {county: 5}}\n",
        ["max_sites_by.county", "allowed: state, owner, group"],
    ),
    "an objective misspelt": (
        "objective: least_cost\n",
        ["objective", "allowed: least-cost, most-served, fewest-sites", "did you mean least-cost?"],
    ),
    "soonest of anything": ("objective: least-worst-rtt\n", ["limits.max_sites or limits.budget"]),
    "soonest with few sites, chosen later": (
        "objective: [least-worst-rtt, fewest-sites]\n",
        ["needs something to be scarce"],
    ),
    "an objective twice": ("objective: [fewest-sites, fewest-sites]\n", ["names one twice"]),
    "an objective after cost": (
        "objective: [least-cost, fewest-sites]\n",
        ["after least cost", "least-cost last"],
    ),
    "no objective": ("objective: []\n", ["objective", "is empty"]),
    "soonest by the hour": (
        "objective: [fewest-sites, least-worst-rtt]\nhours: {profiles: a.csv}\n",
        ["objective: is not supported yet together with hours"],
    ),
    "the soonest mean by the hour": (
        "objective: [fewest-sites, least-mean-rtt]\nhours: {profiles: a.csv}\n",
        ["objective: is not supported yet together with hours"],
    ),
    "most served of anything": ("objective: most-served\n", ["limits.max_sites or limits.budget"]),
    "a currency in words": ("currency: dollars\n", ["currency", "three capital letters"]),
    "dollars in euros": (
        "currency: EUR\ncosts: {site_mn: 2}\n",
        ["currency", "facility_mn_per_mw_it, connection_mn", "state usd_rate (EUR per USD)"],
    ),
    "a dollar that is none": ("usd_rate: 0.9\n", ["usd_rate: a US dollar is one US dollar"]),
    "an id that is a truth": ("limits: {force: [true]}\n", ["limits.force[1]: is not text"]),
    "a tag": ("limits: !!python/object/apply:os.system [ls]\n", ["line 9", "tags are refused"]),
    "a tag on text": ("objective: !!str least-cost\n", ["tags are refused"]),
    "a key twice": ("name: again\n", ["line 9, name: the key is given twice, first on line 2"]),
    "a merge key": ("sites: {<<: {min_mw: 5}}\n", ["sites.<<: unknown key"]),
    "bad syntax": ("sites: {min_mw: 5\n", ["line 10, column 1: is not YAML", "flow mapping"]),
    "a tab": ("sites:\n\tmin_mw: 5\n", ["line 10, column 1: is not YAML"]),
    "an unknown alias": ("sites: *nowhere\n", ["line 9", "undefined alias"]),
    "two documents": ("---\nschema: 1\n", ["is not YAML", "another document"]),
    "a list as a key": ("? [a]\n: 5\n", ["line 9: a key must be text"]),
    "an escape beyond letters": ('objective: "\\UFFFFFFFF"\n', ["is not YAML"]),
    "a hidden letter": ('objective: "a\\0b"\n', ["line 9: has a character that cannot", "U+0000"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_told_with_file_place_and_remedy(case):
    line, parts = BAD[case]
    message = told(SMALLEST + line)
    assert message.startswith("1 fault in the input:\n  - folder/scenario.yaml: ")
    for part in parts:
        assert part in message


BAD_SERVICE = {
    "no bound": ("{share: 1}", ["line 6, services.rtt-2ms.rtt_ms: is missing"]),
    "nothing": ("", ["services.rtt-2ms.rtt_ms: is missing"]),
    "demand twice": (
        "{rtt_ms: 2, share: 1, kw_it_per_1000_people: 2}",
        ["states its demand twice"],
    ),
    "half of it": ("{rtt_ms: 2, share: 0.5}", ["services: the shares do not sum to 1; found 0.5"]),
    "a floor without price": (
        "{rtt_ms: 2, share: 1, min_served: 0.5}",
        ["services.rtt-2ms.min_served: means nothing without unserved_mn_per_mw_yr", "found 0.5"],
    ),
    "a bound that is spent": (
        "{rtt_ms: 0.5, share: 1}",
        ["rtt_ms", "found 0.5; allowed: more than latency.access_ms + latency.processing_ms, 0.5"],
    ),
    "a price misspelt": (
        "{rtt_ms: 2, share: 1, unserved_mn_per_mw_year: 2}",
        ["did you mean unserved_mn_per_mw_yr?"],
    ),
    "movable": ("{rtt_ms: 2, share: 1, movable: 1}", ["movable: is neither true nor false"]),
    "unsplit in part": (
        "{rtt_ms: 2, share: 1, split: false, min_served: 0.5, unserved_mn_per_mw_yr: 4}",
        ["min_served: means nothing with split: false", "found 0.5; allowed: 0, or 1"],
    ),
    "queries": ("{rtt_ms: 2, share: 1, wh_it_per_query: 2}", ["share and wh_it_per_query"]),
}


@pytest.mark.parametrize("case", BAD_SERVICE)
def test_a_bad_service_is_told_by_name(case):
    service, parts = BAD_SERVICE[case]
    message = told(SMALLEST.split("  rtt-2ms:", maxsplit=1)[0] + f"  rtt-2ms: {service}\n")
    for part in parts:
        assert part in message


def test_exclusions_are_one_or_several():
    line = "exclude: {path: flood.geojson, reason: flood plain, buffer_km: 0.2}"
    one = read(SMALLEST + line + "\n").exclude
    assert [(str(e.path), e.reason, e.buffer_km) for e in one] == [
        ("flood.geojson", "flood plain", 0.2)
    ]
    assert read(SMALLEST + line.replace("{", "[{").replace("}", "}]") + "\n").exclude == one


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("exclude: [{path: flood.geojson}]", "exclude[1].reason: is missing"),
        ("exclude: [{path: a.gpkg, reason: x, buffer: 1}]", "did you mean buffer_km?"),
        ("exclude: [{path: a.gpkg, reason: x, buffer_km: -1}]", "allowed: at least 0"),
        ("exclude: [{path: a.gpkg, reason: ''}]", "is empty"),
        ("exclude: flood.geojson", "exclude"),
    ],
)
def test_a_bad_exclusion_is_told(line, says):
    assert says in told(SMALLEST + line + "\n")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("parcels: {path: a.gpkg}", "parcels.max_feeder_km: is missing"),
        ("parcels: {path: a.gpkg, max_feder_km: 3}", "did you mean max_feeder_km?"),
        ("parcels: {path: a.gpkg, max_feeder_km: 0}", "allowed: more than 0"),
        ("parcels: {path: a.gpkg, max_feeder_km: 3, feeder_route_factor: 0.9}", "at least 1"),
        ("parcels: {path: a.gpkg, max_feeder_km: 3, fibre_km: -1}", "allowed: at least 0"),
        ("parcels: parcels.gpkg", "parcels"),
    ],
)
def test_a_bad_table_of_parcels_is_told(line, says):
    assert says in told(SMALLEST + line + "\n")


@pytest.mark.parametrize("off", ["", "off", "[]", "{}", "false"])
def test_without_parcels_substations_are_the_sites(off):
    assert read(SMALLEST + f"parcels: {off}\n").parcels == ()


def test_what_parcels_rest_on_is_told_as_assumptions():
    table = "{path: a.csv, max_feeder_km: 3, fibre_km: 2}"
    one = assumptions(read(SMALLEST + f"parcels: {table}\n"))
    factor = next(a for a in one if a.key.startswith("parcels"))
    assert (factor.key, factor.value, factor.unit) == ("parcels.feeder_route_factor", 1, "km/km")
    two = assumptions(read(SMALLEST + f"parcels: [{table}, {{path: b.csv, max_feeder_km: 3}}]\n"))
    keys = [a.key.removeprefix("parcels") for a in two if a.key.startswith("parcels")]
    assert keys == ["[1].feeder_route_factor", "[2].feeder_route_factor", "[2].fibre_km"]


@pytest.mark.parametrize(
    "line",
    [
        *("hours: off", "stages: []", "hubs: off", "exclude:", "exclude: off", "connection: firm"),
        *("resilience: off", "resilience:", "zones: off", "zones:", "zones: []"),
    ],
)
def test_a_later_key_that_says_off_is_no_fault(line):
    assert read(SMALLEST + line + "\n") == read(SMALLEST)


@pytest.mark.parametrize(
    "name", ["a/b", "..", ".hidden", "con", "LPT1.x", "a:b", "dot.", "x" * 101, '"a\\nb"', '" "']
)
def test_a_name_that_no_folder_can_have_is_refused(name):
    assert "line 2, name:" in told(SMALLEST.replace("name: tiny", f"name: {name}"))


@pytest.mark.parametrize("key", ["name", "substations", "demand", "services"])
def test_a_missing_key_is_named(key):
    lines = SMALLEST.splitlines(keepends=True)
    kept = [x for x in lines if not x.startswith(key) and (key != "services" or x[0] != " ")]
    assert f"{key}: is missing" in told("".join(kept))


@pytest.mark.parametrize("number", ["2", "true", "'1'", "one"])
def test_another_grammar_is_refused(number):
    message = told(SMALLEST.replace("schema: 1", f"schema: {number}"))
    assert "line 1, schema: is not one of the allowed words" in message
    assert "allowed: 1" in message


def test_the_faulty_source_of_a_list_is_numbered():
    text = SMALLEST.replace("{path: places.csv}", "[{path: a.csv}, {pth: b.csv}]")
    assert "demand[2].pth: unknown key; did you mean path?" in told(text)
    assert "demand[2].path: is missing" in told(text)


def test_a_service_without_a_price_may_say_that_it_is_served_in_full():
    assert read(SMALLEST + "    min_served: 1\n").services["rtt-2ms"].floor == 1


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    message = told(
        """\
schema: 1
nme: texas
currency: EUR
substations: {path: }
demand: {path: places.csv, reserve_share: 1}
services:
  r: {rtt_ms: 2, share: 1, split: 0}
  s: {rtt_ms: -1}
limits: {force: [7], forbid: [7]}
objective: fastest
hours: all
sites: {min_mw: 9, max_mw: 8}
solve: {gap: 2}
"""
    )
    expected = [
        "line 1, name: is missing",
        "line 2, nme: unknown key; did you mean name?",
        "line 3, currency: default costs are in USD",
        "line 4, substations.path: is empty",
        "line 5, demand.reserve_share: unknown key",
        "line 7, services.r.split: is neither true nor false",
        "line 8, services.s.rtt_ms: is too small",
        "line 9, limits.forbid: ids are forced and forbidden",
        "line 10, objective: is not one of the allowed words; found fastest",
        "line 11, hours: is not a mapping of keys; found all",
        "line 12, sites.min_mw: is more than max_mw",
        "line 13, solve.gap: is too large",
    ]
    places = [message.index(part) for part in expected]
    assert places == sorted(places)
    assert message.startswith(f"{len(expected)} faults in the input")


def test_endless_faults_are_cut_short_and_counted():
    message = told(SMALLEST + "".join(f"key{n}: 1\n" for n in range(70)))
    assert message.startswith("51 faults")
    assert message.endswith("and 20 faults more")


def test_every_key_given_twice_is_told():
    message = told(SMALLEST + "name: b\nsites: {pue: 1.2, pue: 1.3}\n")
    assert "line 9, name: the key is given twice, first on line 2" in message
    assert "line 10, sites.pue: the key is given twice, first on line 10" in message


# files that are no scenario --------------------------------------------------------------------


def test_a_missing_file_is_named_with_the_nearest(tmp_path):
    (tmp_path / "scenario.yml").write_text(SMALLEST, encoding="utf-8")
    with pytest.raises(InputError, match=r"no such file; did you mean scenario\.yml\?"):
        load_scenario(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        load_scenario(tmp_path / "nowhere" / "x.yaml")


def test_a_path_below_a_file_is_refused(tmp_path):
    (tmp_path / "a").write_text(SMALLEST, encoding="utf-8")
    with pytest.raises(InputError):
        load_scenario(tmp_path / "a" / "scenario.yaml")


def test_a_file_that_is_not_utf_8_is_refused_with_its_line():
    message = told(SMALLEST.encode() + b"# K\xf6ln\n")
    assert "line 9: is not UTF-8 text; found byte 0xf6; allowed: UTF-8" in message


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "---\n"])
def test_an_empty_file_is_refused(text):
    assert "says nothing" in told(text) or "is not a mapping" in told(text)


@pytest.mark.parametrize("text", ["- a\n- b\n", "texas", "5"])
def test_a_file_that_is_no_mapping_is_refused(text):
    assert "is not a mapping of keys" in told(text)


def test_a_file_beyond_reason_is_refused():
    assert "is too long" in told(SMALLEST + "#" * 1_000_001)


def test_an_alias_bomb_is_refused_before_it_unfolds():
    levels = "".join(f"k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "holds too many values" in told(f"k0: &a0 [x]\n{levels}")


def test_an_alias_inside_itself_is_refused():
    assert "an alias stands inside what it refers to" in told("sites: &a {modules_mw: [*a]}\n")


def test_endless_nesting_is_refused():
    assert "is nested too deeply" in told("sites: " + "[" * 100_000)


def test_a_plain_alias_is_a_copy():
    text = SMALLEST.replace("{path: sub", "&t {path: sub").replace("{path: places.csv}", "*t")
    assert read(text).demand[0].path == Path("substations.csv")


# nothing but InputError ever comes out ---------------------------------------------------------


def reads_or_refuses(content):
    try:
        parse_scenario(content, Path("scenario.yaml"))
    except InputError as error:
        str(error).encode()  # can be shown on any terminal


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(content):
    reads_or_refuses(content)


@settings(deadline=None)
@given(st.text(st.sampled_from("abz :-?[]{},&*!|>'\"%@`#\n\t\\xuU019.~<=é"), max_size=120))
def test_random_punctuation_is_read_or_refused(text):
    reads_or_refuses(text.encode())


SCRAPS = st.sampled_from(
    [
        *(
            "",
            "null",
            "~",
            "true",
            "[]",
            "{}",
            "[[1]]",
            "{a: 1}",
            "-1",
            "0",
            "1e400",
            ".nan",
            "'5'",
        ),
        *("5:30", "NO", "0o17", "&a x", "*a", "!!int 5", "? x", "- y", "|\n  text", '"\\ud800"'),
        *("9" * 400, "0x" + "f" * 150, "\x85", "%YAML 1.1", "---", "...", "off", "é\u202e"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_scenario_with_scraps_in_it_is_read_or_refused(data):
    lines = WHOLE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line, scrap = lines[at], data.draw(SCRAPS)
        cut = data.draw(st.integers(0, len(line)))
        key = line.split(":")[0]
        lines[at] = data.draw(
            st.sampled_from([f"{key}: {scrap}", line[:cut] + scrap + line[cut:], line[:cut], scrap])
        )
    reads_or_refuses("\n".join(lines).encode())


LETTERS = st.text("ab1-. é", max_size=5)
TREES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | LETTERS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(LETTERS | st.sampled_from(["path", "rtt_ms", "type"]), inner, max_size=3)
    ),
    max_leaves=8,
)


TOP_KEYS = [line.split(":")[0] for line in WHOLE.splitlines() if line[0] not in " -"]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*TOP_KEYS, "extends", "stages"]), TREES))
def test_any_values_under_the_right_keys_are_read_or_refused(document):
    reads_or_refuses(json.dumps(document).encode())

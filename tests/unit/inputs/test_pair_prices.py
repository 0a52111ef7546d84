"""Tables of prices of pairs: what is read, what is left out, what is refused."""

import numpy as np
import pytest

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.inputs.read import read_region

LONG = "demand,site,mn_per_mw_yr\ntown,west,1.5\n"
BY_SERVICE = "demand,site,mn_per_mw_yr,service\ntown,west,1.5,\ntown,west,4,far\ntown,east,0,far\n"
SERVICES = {
    "near": {"rtt_ms": 2, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4,
             "min_served": 0.5},
    "far": {"rtt_ms": 5, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4,
            "rtt_price": {"above_ms": 0, "mn_per_mw_ms_yr": 0.25}},
}  # fmt: skip


@pytest.fixture
def priced(scenario_of, tmp_path):
    """Write the small scenario with a table of prices."""

    def written(text: str, **keys):
        (tmp_path / "prices.csv").write_text(text, encoding="utf-8")
        stated = {key: keys.pop(key) for key in ("services", "demand") if key in keys}
        return scenario_of(pair_prices={"path": "prices.csv", **keys}, **stated)

    return written


@pytest.mark.parametrize(
    ("text", "form"), [(LONG, "long"), ("place,west,east\ntown,1.5,\n", "wide")]
)
def test_a_table_is_read_and_is_an_input(priced, text, form):
    region = read_region(priced(text, form=form))
    (row,) = region.pair_prices.to_dict("records")
    assert [row[c] for c in ("place", "service", "site", "mn_per_mw_yr")] == [
        "town", "", "west", 1.5,
    ]  # fmt: skip
    assert region.sources[-1].path.name == "prices.csv"
    assert region.warnings == ()


def test_a_pair_costs_its_price_beyond_that_of_its_time(priced):
    scenario = priced(BY_SERVICE, services=SERVICES)
    instance = assemble(scenario, read_region(scenario))
    free = assemble(scenario.model_copy(update={"pair_prices": None}), read_region(scenario))
    added = instance.reach.mn_per_mw_it_yr - free.reach.mn_per_mw_it_yr
    owner = np.repeat(instance.points["service"], instance.reach.sites_per_point)
    site = instance.sites.index[instance.reach.site]
    told = {(*pair, round(price, 9)) for *pair, price in zip(owner, site, added, strict=True)}
    assert told == {
        ("near", "west", 1.5), ("near", "east", 0), ("far", "west", 4), ("far", "east", 0),
    }  # fmt: skip
    assert (free.reach.mn_per_mw_it_yr[owner == "far"] > 0).all()


def test_what_the_scenario_leaves_out_may_stand_in_the_table(priced):
    places = "id,lat,lon,population\ntown,51,-1,500000\nghost,51,-1,0\n"
    region = read_region(priced(LONG + "ghost,west,1\ntown,hub,2\n", demand=places))
    assert region.pair_prices["site"].tolist() == ["west", "hub"]
    assert region.pair_prices["place"].tolist() == ["town", "town"]


FAULTS = {
    "an unknown site": (
        LONG + "town,wset,1\n", {},
        "row 3, column site: is no substation, parcel or hub of the scenario's tables; "
        "found 'wset'; did you mean west?",
    ),
    "an unknown place": (
        LONG + "twon,west,1\n", {},
        "row 3, column demand: is no place of the scenario's tables; found 'twon'; "
        "did you mean town?",
    ),
    "an unknown site of a wide table": (
        "place,west,eats\ntown,1,2\n", {"form": "wide"}, "column eats: is no substation",
    ),
    "an unknown service": (
        "demand,site,mn_per_mw_yr,service\ntown,west,1,naer\n", {}, "did you mean near?",
    ),
    "a pair stated twice": (
        LONG + "town,west,1.6\n", {},
        "row 3: the pair is stated before; found town - west; allowed: once for each service "
        "(also row 2)",
    ),
    "a negative price": (
        LONG.replace("1.5", "-1"), {},
        "row 2, column mn_per_mw_yr: is out of range; found '-1'; allowed: zero or more",
    ),
    "a negative cell of a wide table": (
        "place,west\ntown,-1\n", {"form": "wide"},
        "row 2, id town, column west: is not a price; found '-1'; allowed: zero or more, or blank",
    ),
    "a price that is no number": (LONG.replace("1.5", "dear"), {}, "is not a number; found 'dear'"),
    "no column of prices": (
        "demand,site,mn_per_mw_y\ntown,west,1\n", {}, "column mn_per_mw_yr: is missing",
    ),
    "no rows": ("demand,site,mn_per_mw_yr\n", {}, "prices.csv: has no rows"),
    "a unit": (LONG, {"units": {"mn_per_mw_yr": "EUR"}}, "is not a unit of it; found EUR"),
    "a unit of a wide table": (
        "place,west\ntown,1\n", {"form": "wide", "units": {"mn_per_mw_yr": "EUR"}},
        "no other unit for this column",
    ),
    "a choice of a wide table": (
        "place,west\ntown,1\n", {"form": "wide", "where": "x == 1"},
        "pair_prices.where: means nothing for a wide table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_table_is_refused(priced, case):
    text, keys, says = FAULTS[case]
    with pytest.raises(InputError) as caught:
        read_region(priced(text, **keys))
    assert says in caught.value.message


def test_hours_are_refused_beside_it(faults_of, tmp_path):
    (tmp_path / "prices.csv").write_text(LONG, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        faults_of(pair_prices={"path": "prices.csv"}, hours={"profiles": "prices.csv"})
    assert "pair_prices: is not supported yet together with hours" in caught.value.message

"""Promises on hubs: all are told as their table has them, and none gives more than it has."""

from collections import Counter
from collections.abc import Iterator

from microdc.placement.verify.facts import (
    POWER_MW,
    RTT_MS,
    SAME,
    Facts,
    Promise,
    differ,
    money_differs,
    told,
)
from microdc.placement.verify.sites import loads_of


def every_hub_once(facts: Facts) -> list[str]:
    """Every hub of the tables is told once, and no other."""
    stated, true = Counter(hub.id for hub in facts.document.hubs), facts.region.hubs.index
    twice = (f"{hub}: listed {n} times as a hub" for hub, n in stated.items() if n > 1)
    foreign = (f"{hub}: a hub, but none of the tables" for hub in stated if hub not in true)
    missing = (f"{hub}: a hub of the tables that is not told" for hub in true if hub not in stated)
    return [*told(twice), *told(foreign), *told(missing)]


def hubs_give_what_they_have(facts: Facts) -> list[str]:
    """A hub serves no more than is reserved there, and no more is reserved than it has."""
    load_mw_it = loads_of(facts, facts.hubs.index)["load_mw_it"]
    capacity_mw_it = facts.region.hubs["mw_it"].reindex(facts.hubs.index)
    return told(
        f"{hub}: serves {load:.4f} MW IT, {reserved:.4f} MW IT are reserved of {capacity:.4f} MW IT"
        for hub, load, reserved, capacity in zip(
            facts.hubs.index, load_mw_it, facts.hubs["mw_it"], capacity_mw_it, strict=True
        )
        if not max(0.0, load) - POWER_MW <= reserved <= capacity + POWER_MW
    )


def hubs_as_they_are(facts: Facts) -> list[str]:
    """What a hub's row states is what tables and service say."""
    return told(_misstated(facts))


def _misstated(facts: Facts) -> Iterator[str]:
    stated, table = facts.hubs, facts.region.hubs.loc[facts.hubs.index]
    loads = loads_of(facts, stated.index)
    wrong = {column: differ(stated[column], table[column], SAME) for column in ("lat", "lon")}
    wrong["name"] = (stated["name"] != table["name"]).to_numpy()
    wrong["capacity_mw_it"] = differ(stated["capacity_mw_it"], table["mw_it"], SAME)
    wrong["load_mw_it"] = differ(stated["load_mw_it"], loads["load_mw_it"], POWER_MW)
    for column in ("worst_rtt_ms", "mean_rtt_ms"):
        wrong[column] = differ(stated[column], loads[column], RTT_MS)
    price = table["mn_per_mw_it_yr"]
    wrong["mn_per_mw_it_yr"] = differ(stated["mn_per_mw_it_yr"], price, SAME)
    wrong["reserve_mn_yr"] = money_differs(stated["reserve_mn_yr"], stated["mw_it"] * price)
    for column, which in wrong.items():
        for hub, said in zip(stated.index[which], stated[column][which], strict=True):
            yield f"{hub}: {column} is stated as {said}, it is not so"


PROMISES: tuple[Promise, ...] = (every_hub_once, hubs_give_what_they_have, hubs_as_they_are)

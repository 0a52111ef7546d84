"""Promises on what sums a plan up: classes, over-promise report, verdict and maps."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verdict import verdict
from microdc.placement.verify.document import Hub, ServiceClass, Site, SupplyPoint
from microdc.placement.verify.facts import (
    POWER_MW,
    RTT_MS,
    SAME,
    Facts,
    Promise,
    differ,
    money_differs,
    table_of,
    told,
)
from microdc.placement.verify.money import (
    STATUSES,
    latency_mn_yr,
    pairs_mn_yr,
    true_unserved_mw_it,
    unserved_mn_yr,
)

DEGREES = 1e-6
"""Positions on maps are rounded to a tenth of a metre."""


def classes_as_they_are(facts: Facts) -> list[str]:
    """Each class of the scenario has one row, which says what demand and service say."""
    stated = table_of(facts.document.services, ServiceClass).set_index("service")
    if list(stated.index) != list(facts.scenario.services):
        names = ", ".join(facts.scenario.services)
        return [f"classes stated: {', '.join(stated.index)}; the scenario's are {names}"]
    true = _true_classes(facts)
    columns = {
        "rtt_bound_ms": SAME,
        "demand_mw_it": POWER_MW,
        "served_mw_it": POWER_MW,
        "served_share": POWER_MW,
        "load_mw": POWER_MW,
        "worst_rtt_ms": RTT_MS,
        "mean_rtt_ms": RTT_MS,
    }
    wrong = [(c, n) for c, t in columns.items() for n in true.index[differ(stated[c], true[c], t)]]
    for item in ("latency_mn_yr", "pairs_mn_yr", "unserved_mn_yr"):
        dear = true.index[money_differs(stated[item], true[item])]
        wrong += [(item, name) for name in dear]
    computers = _computers(facts, stated)
    for column in ("racks", "gpus", "queries_per_s", "tokens_per_s"):
        apart = differ(stated[column], computers[column], SAME * computers[column].abs())
        wrong += [(column, name) for name in true.index[apart]]
    true = true.join(computers)
    return told(
        f"{name}: {column} is stated as {stated[column][name]:.9g}, it is {true[column][name]:.9g}"
        for column, name in wrong
    ) + _all_told(facts, true)


def _computers(facts: Facts, stated: pd.DataFrame) -> pd.DataFrame:
    """Give the racks, accelerators, queries and tokens a second that the power is worth."""
    compute, services = facts.scenario.compute, facts.scenario.services
    served_kw = stated["served_mw_it"] * 1000
    racks = served_kw / compute.kw_it_per_rack
    wh_it, a_kw, a_query = (
        pd.Series({name: getattr(each, key) for name, each in services.items()}, dtype=float)
        for key in ("wh_it_per_query", "tokens_per_s_per_kw_it", "tokens_per_query")
    )
    queries, tokens = served_kw * 1000 / (wh_it * 3600), served_kw * a_kw
    return pd.DataFrame(
        {
            "racks": racks,
            "gpus": racks * compute.gpus_per_rack,
            "queries_per_s": queries.fillna(tokens / a_query),
            "tokens_per_s": tokens.fillna(queries * a_query),
        }
    )


def _true_classes(facts: Facts) -> pd.DataFrame:
    services = facts.scenario.services
    pue = facts.served["site"].map(facts.substations["pue"])
    served = facts.served.assign(
        mw_ms=facts.served["mw_it"] * facts.served["true_rtt_ms"], mw=facts.served["mw_it"] * pue
    )
    by_class = served.groupby("service").agg(
        served_mw_it=("mw_it", "sum"), load_mw=("mw", "sum"),
        worst_rtt_ms=("true_rtt_ms", "max"), mw_ms=("mw_ms", "sum"),
    )  # fmt: skip
    true = by_class.reindex(list(services)).fillna({"served_mw_it": 0.0, "load_mw": 0.0})
    demand_mw_it = facts.demand["mw_it"].groupby(level="service").sum().reindex(true.index)
    some = true["served_mw_it"].where(true["served_mw_it"] > 0, np.nan)
    return true.assign(
        rtt_bound_ms=[stated.rtt_ms for stated in services.values()],
        demand_mw_it=demand_mw_it,
        served_share=true["served_mw_it"] / demand_mw_it,
        mean_rtt_ms=true["mw_ms"] / some,
        latency_mn_yr=latency_mn_yr(facts),
        pairs_mn_yr=pairs_mn_yr(facts),
        unserved_mn_yr=unserved_mn_yr(facts),
    )


def _all_told(facts: Facts, true: pd.DataFrame) -> list[str]:
    """Refuse crumbs that every row may leave out, but not all of them together."""
    given = true["served_mw_it"] + true_unserved_mw_it(facts)
    lost = differ(given, true["demand_mw_it"], POWER_MW)
    return [
        f"{name}: {given[name]:.4f} MW IT served and unserved in all, demand is "
        f"{true['demand_mw_it'][name]:.4f} MW IT"
        for name in true.index[lost]
    ]


def over_promise_as_it_is(facts: Facts) -> list[str]:
    """The over-promise report says what headroom and tree say."""
    return told(f"over-promise report: {line}" for line in _misreported(facts))


def _misreported(facts: Facts) -> Iterator[str]:
    report = facts.document.over_promise
    stated = table_of(report.rows, SupplyPoint).set_index("id")
    true = _true_report(facts)
    if sorted(stated.index) != sorted(true.index):
        odd = sorted(set(stated.index) ^ set(true.index))
        yield f"other supply points, or the same twice: {', '.join(odd[:5])}"
        return
    yield from _misreported_rows(stated.loc[true.index], true)
    top = true[~true["inner"]]
    sums = {
        "nodes": (report.nodes, len(true)),
        "binding": (report.binding, stated["binds"].sum()),
        "sum_mw": (report.sum_mw, top["below_mw"].sum()),
        "allowed_mw": (report.allowed_mw, top["allowed_mw"].sum()),
    }
    for key, (said, found) in sums.items():
        if differ(said, found, POWER_MW):
            yield f"{key} is stated as {said:.9g}, it is {found:.9g}"
    if report.unit != "MW":
        yield f"unit is stated as {report.unit}, it is MW"


def _misreported_rows(stated: pd.DataFrame, true: pd.DataFrame) -> Iterator[str]:
    for column in ("limit_mw", "below_mw", "allowed_mw", "used_mw"):
        for node in true.index[differ(stated[column], true[column], POWER_MW)]:
            said, found = stated[column][node], true[column][node]
            yield f"{node}: {column} is stated as {said:.4f} MW, it is {found:.4f} MW"
    by_a_hair = ~differ(true["left_mw"], true["limit_mw"], SAME * true["limit_mw"])
    binds = true["left_mw"] > true["limit_mw"]
    for node in true.index[~by_a_hair & (binds != stated["binds"])]:
        yield f"{node}: binds is stated as {stated['binds'][node]}, it is {binds[node]}"
    for node in true.index[stated["name"] != true["name"]]:
        yield f"{node}: name is stated as {stated['name'][node]}, it is {true['name'][node]}"


def _true_report(facts: Facts) -> pd.DataFrame:
    """
    Give the report by supply point, worked from the lowest level of the tree to the highest.

    `below_mw`: headroom of all large candidates strictly below, one at a time; `left_mw`: what the
    limits under a row leave of it; `inner`: another row of the report stands above.
    """
    rows = facts.substations
    above, limit = facts.above, dict(zip(rows.index, rows["headroom_mw"], strict=True))
    parcels = rows[rows["parcel"] & rows["parent"].notna()]
    promise = limit | {parcel: limit[up] for parcel, up in parcels["parent"].items()}
    stated_mw = rows["min_mw"].fillna(facts.scenario.sites.min_mw)
    least_mw = stated_mw.where(rows["existing_mw"] == 0, 0.0)
    large = {node for node in rows.index[rows["candidate"]] if promise[node] >= least_mw[node]}
    below_mw, left_mw = defaultdict[str, float](float), defaultdict[str, float](float)
    for node in sorted(above, key=lambda node: -len(above[node])):
        own_mw = promise[node] if node in large else 0.0
        for up in above[node][:1]:
            below_mw[up] += below_mw[node] + own_mw
            left_mw[up] += own_mw or np.fmin(left_mw[node], limit[node])
    used_mw = defaultdict[str, float](float)
    for site, mw in zip(facts.sites.index, facts.sites["grown_mw"], strict=True):
        for node in (site, *above[site]):
            used_mw[node] += mw
    shown = {n: above[n] for n in rows.index if below_mw[n] > 0 and not np.isnan(limit[n])}
    return pd.DataFrame(
        {
            "name": [rows["name"][node] for node in shown],
            "limit_mw": [limit[node] for node in shown],
            "below_mw": [below_mw[node] for node in shown],
            "left_mw": [left_mw[node] for node in shown],
            "allowed_mw": [min(limit[node], left_mw[node]) for node in shown],
            "used_mw": [used_mw[node] for node in shown],
            "inner": np.array([any(up in shown for up in ups) for ups in shown.values()], bool),
        },
        index=list(shown),
    )


def verdict_as_the_figures_are(facts: Facts) -> list[str]:
    """The verdict claims what the plan's figures say, no more."""
    document = facts.document.model_dump()
    if document["status"] not in STATUSES:
        return []  # told by the certificate
    return [] if document["verdict"] == verdict(document) else ["the verdict says something else"]


def maps_show_the_plan(facts: Facts) -> list[str]:
    """The GeoJSON files, where they are, show the plan's sites, hubs and service."""
    document = facts.document
    hosts = [*_misdrawn(facts, "sites", document.sites), *_misdrawn(facts, "hubs", document.hubs)]
    return told(hosts) + told(_misdrawn_service(facts))


def _misdrawn(facts: Facts, what: str, hosts: Sequence[Site | Hub]) -> Iterator[str]:
    drawn = _features(facts.folder / f"{what}.geojson")
    stated = {host.id: host.model_dump(exclude={"parents"}) for host in hosts}
    if drawn is not None and sorted(f["properties"]["id"] for f in drawn) != sorted(stated):
        yield f"{what}.geojson: shows other {what} than the plan has"
        return
    for feature in drawn or ():
        known, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        host = stated[known["id"]]
        there = abs(lon - host.pop("lon")) < DEGREES and abs(lat - host.pop("lat")) < DEGREES
        if not there or any(known.get(key) != value for key, value in host.items()):
            yield f"{what}.geojson: {known['id']} is not shown as the plan states it"


def _misdrawn_service(facts: Facts) -> Iterator[str]:
    drawn = _features(facts.folder / "service.geojson")
    if drawn is None:
        return
    columns = ["place", "service", "site", "mw_it", "rtt_ms"]
    shown = pd.DataFrame([feature["properties"] for feature in drawn], columns=columns)
    stated = facts.service[columns].astype(object)
    if (
        not shown.astype(object)
        .where(shown.notna(), None)
        .equals(stated.where(stated.notna(), None))
    ):
        yield "service.geojson: shows other service than the plan has"


def _features(path: Path) -> list[dict[str, Any]] | None:
    """Read the features of a map; None if there is no such file."""
    if not path.exists():
        return None
    features: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    return features


PROMISES: tuple[Promise, ...] = (
    classes_as_they_are,
    over_promise_as_it_is,
    verdict_as_the_figures_are,
    maps_show_the_plan,
)

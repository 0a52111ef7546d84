"""Promises on money, by our own arithmetic: cost items, capital, budget, and the certificate."""

import math
from collections.abc import Iterator

import pandas as pd

from microdc.placement.verify.facts import (
    MONEY_MN,
    MONEY_SHARE,
    POWER_MW,
    Facts,
    Floats,
    Promise,
    differ,
    money_differs,
    name_of,
    told,
)
from microdc.placement.verify.hosts.tiers import connection_of_sites_mn
from microdc.scenario import Annuity

HOURS = 8760
GAP = 1e-6
"""Gaps are shares, told to a millionth."""
STATUSES = ("within gap", "time limit", "interrupted", "stalled")
CAPITAL = ("facility", "site", "connection", "feeder", "fibre")
ITEMS = (*CAPITAL, "energy")


def per_year(annuity: Annuity) -> float:
    """Give the share of a capital paid each year: its interest, and what pays it back in time."""
    if annuity.rate == 0:
        return 1 / annuity.years
    return annuity.rate + annuity.rate / math.expm1(annuity.years * math.log1p(annuity.rate))


def size_mn_per_mw_yr(facts: Facts) -> pd.DataFrame:
    """Give `facility` and `energy` of every substation (millions a year and MW, grid side)."""
    costs, rows = facts.scenario.costs, facts.substations
    facility_mn_per_mw_it = rows["facility_mn_per_mw_it"].fillna(costs.facility_mn_per_mw_it)
    per_mwh = rows["energy_per_mwh"].fillna(costs.energy_per_mwh)
    return pd.DataFrame(
        {
            "facility": per_year(costs.annuity) * facility_mn_per_mw_it / rows["pue"],
            "energy": per_mwh * HOURS / 1e6,
        }
    )


def true_items(facts: Facts) -> pd.DataFrame:
    """
    Give each cost item (columns) of each site (rows), in millions a year.

    What exists is sunk: of an existing site, what is added to it costs, and energy on all of it.
    """
    sites = facts.sites
    per_mw = size_mn_per_mw_yr(facts).loc[sites.index]
    capital = site_capital_mn(facts, facts.substations.loc[sites.index])
    capital["connection"] = connection_of_sites_mn(facts)
    items = (capital * per_year(facts.scenario.costs.annuity)).assign(
        facility=per_mw["facility"] * sites["grown_mw"], energy=per_mw["energy"] * sites["mw"]
    )
    return items[list(ITEMS)]


def site_capital_mn(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Give the capital of sites, whatever their sizes (millions), by item but for connections."""
    costs = facts.scenario.costs
    capital = pd.DataFrame(
        {
            "site": rows["site_mn"].fillna(costs.site_mn),
            "feeder": rows["feeder_km"].fillna(0.0) * costs.feeder_mn_per_km,
            "fibre": rows["fibre_km"].fillna(0.0) * costs.fibre_mn_per_km,
        },
        index=rows.index,
        dtype=float,
    )
    capital[rows["existing_mw"] > 0] = 0.0
    return capital


def hubs_mn_yr(facts: Facts) -> float:
    """Give the price of all that is reserved at hubs (millions a year)."""
    price = facts.region.hubs["mn_per_mw_it_yr"].reindex(facts.hubs.index)
    return float((facts.hubs["mw_it"] * price).sum())


def true_unserved_mw_it(facts: Facts) -> "pd.Series[float]":
    """Give what stays unserved of each class (MW IT)."""
    rows = facts.known[facts.known["site"].isna()]
    return (
        rows.groupby("service")["mw_it"].sum().reindex(list(facts.scenario.services), fill_value=0)
    )


def unserved_mn_yr(facts: Facts) -> "pd.Series[float]":
    """Give the price of what stays unserved of each class (millions a year)."""
    services = facts.scenario.services.items()
    return true_unserved_mw_it(facts) * pd.Series(
        {name: stated.unserved_mn_per_mw_yr or 0.0 for name, stated in services}
    )


def latency_mn_yr(facts: Facts) -> "pd.Series[float]":
    """Give what the true round trips of each class cost (millions a year), each ms at its step."""
    paid = dict.fromkeys(facts.scenario.services, 0.0)
    columns = (facts.served[c] for c in ("service", "mw_it", "true_rtt_ms"))
    for name, mw_it, rtt_ms in zip(*columns, strict=True):
        steps = facts.scenario.services[name].rtt_price
        ends_ms = [*(step.above_ms for step in steps[1:]), math.inf]
        for step, end_ms in zip(steps, ends_ms, strict=False):
            within_ms = max(0.0, min(rtt_ms, end_ms) - step.above_ms)
            paid[name] += mw_it * within_ms * step.mn_per_mw_ms_yr
    return pd.Series(paid, dtype=float)


def pairs_mn_yr(facts: Facts) -> "pd.Series[float]":
    """Give what serving over the stated pairs costs each class, looked up row by row."""
    rows = facts.region.pair_prices
    rows = rows[rows["site"].isin(facts.served["site"].unique())]  # of a million, the few in use
    columns = (rows[c] for c in ("place", "service", "site", "mn_per_mw_yr"))
    price = {(j, k, i): mn for j, k, i, mn in zip(*columns, strict=True)}
    paid = dict.fromkeys(facts.scenario.services, 0.0)
    for j, k, i, mw_it in zip(
        *(facts.served[c] for c in ("place", "service", "site", "mw_it")), strict=True
    ):
        paid[k] += mw_it * price.get((j, k, i), price.get((j, "", i), 0.0))
    return pd.Series(paid, dtype=float)


def sites_cost_what_they_say(facts: Facts) -> list[str]:
    """Every cost item of every site is that of its size and its row of the tables."""
    return told(_mispriced(facts, true_items(facts)))


def _mispriced(facts: Facts, items: pd.DataFrame) -> Iterator[str]:
    for item in ITEMS:
        stated = facts.sites[f"{item}_mn_yr"]
        wrong = money_differs(stated, items[item])
        for site, said, found in zip(
            stated.index[wrong], stated[wrong], items[item][wrong], strict=True
        ):
            yield (
                f"{name_of(facts, str(site))}: {item} is stated as {_money(facts, said)}, "
                f"it is {_money(facts, found)}"
            )


def items_add_up(facts: Facts) -> list[str]:
    """The cost items are those of sites, hubs, service and unserved demand, and no others."""
    true = {item: float(amounts.sum()) for item, amounts in true_items(facts).items()}
    true["hubs"] = hubs_mn_yr(facts)
    if any(stated.rtt_price for stated in facts.scenario.services.values()):
        true["latency"] = float(latency_mn_yr(facts).sum())
    if facts.scenario.pair_prices is not None:
        true["pairs"] = float(pairs_mn_yr(facts).sum())
    true["unserved"] = float(unserved_mn_yr(facts).sum())
    stated = facts.document.cost_mn_yr
    broken = [f"cost item {item} is not stated" for item in true if item not in stated]
    for item, said in stated.items():
        if item not in true:
            broken.append(f"cost item {item} is unknown")
        elif money_differs(said, true[item]):
            broken.append(
                f"cost: {item} is stated as {_money(facts, said)}, it is "
                f"{_money(facts, true[item])}"
            )
    return broken


def cost_is_the_sum(facts: Facts) -> list[str]:
    """The cost in the certificate is what sites, hubs, service and unserved demand cost."""
    at_sites, unserved = true_items(facts).to_numpy().sum(), unserved_mn_yr(facts).sum()
    service = latency_mn_yr(facts).sum() + pairs_mn_yr(facts).sum()
    true = float(at_sites + hubs_mn_yr(facts) + service + unserved)
    stated = facts.document.certificate.cost_mn_yr
    if not money_differs(stated, true):
        return []
    return [f"the cost is stated as {_money(facts, stated)}, it is {_money(facts, true)}"]


def capital_within_budget(facts: Facts) -> list[str]:
    """Capital is what is spent on sites before it is spread over years, and within the budget."""
    annual = true_items(facts)[list(CAPITAL)].to_numpy(float)
    return told(_overspent(facts, annual))


def _overspent(facts: Facts, annual: Floats) -> Iterator[str]:
    true = float(annual.sum()) / per_year(facts.scenario.costs.annuity)
    stated, currency = facts.document.capital_mn, facts.scenario.currency
    budget = facts.scenario.limits.budget_mn
    if money_differs(stated, true):
        yield f"capital is stated as {stated:.6f} M {currency}, it is {true:.6f} M {currency}"
    if budget is not None and true > budget * (1 + MONEY_SHARE) + MONEY_MN:
        yield f"capital is {true:.6f} M {currency}, the budget {budget:g} M {currency}"


def _money(facts: Facts, mn_yr: float) -> str:
    return f"{mn_yr:.6f} M {facts.scenario.currency} a year"


def gaps_follow(facts: Facts) -> list[str]:
    """No bound is above the cost; the gaps are those of cost, bound and floor."""
    return told(_gaps(facts))


def _gaps(facts: Facts) -> Iterator[str]:
    proven, currency = facts.document.certificate, facts.document.currency
    cost, bound = proven.cost_mn_yr, proven.bound_mn_yr
    slack_mn = MONEY_MN + MONEY_SHARE * abs(cost)
    if bound > cost + slack_mn:
        yield (
            f"no plan costs less than {bound:.6f} M {currency} a year, says the plan, "
            f"which costs {cost:.6f} M"
        )
    if proven.prices is not None and proven.prices.bound_mn_yr > bound + slack_mn:
        yield (
            f"the prices are said to prove {proven.prices.bound_mn_yr:.6f} M {currency} a year, "
            f"more than the bound, {bound:.6f} M"
        )
    if proven.floor_mn_yr > cost + slack_mn:
        yield f"the cost that no plan avoids, {proven.floor_mn_yr:.6f} M, is above the cost"
    above = cost - bound if cost - bound > MONEY_MN else 0.0
    true = {
        "gap": above / abs(cost) if above and cost else 0.0,
        "gap_avoidable": above / (cost - proven.floor_mn_yr) if cost > proven.floor_mn_yr else 0.0,
    }
    for name, gap in true.items():
        said = getattr(proven, name)
        if differ(said, gap, GAP * max(1.0, gap)):
            yield f"{name} is stated as {said:.6%}, cost and bound give {gap:.6%}"


def status_follows(facts: Facts) -> list[str]:
    """A plan is within the gap only if it is, and the asked gap is a share."""
    return told(_status(facts))


def _status(facts: Facts) -> Iterator[str]:
    proven, status = facts.document.certificate, facts.document.status
    if status not in STATUSES:
        yield f"status {status!r} is none of {', '.join(STATUSES)}"
    if not 0 <= proven.asked_gap <= 1:
        yield f"the asked gap, {proven.asked_gap:g}, is not a share"
    gap = proven.gap if facts.document.stage is None else facts.document.stage.gap
    if status == STATUSES[0] and gap > proven.asked_gap + GAP:
        yield f"status {status}: the gap is {gap:.6%}, asked was {proven.asked_gap:.6%}"


def _planned_alone_within_gap(facts: Facts) -> bool:
    """Whether the plan itself is within the gap, not the programme that it is a stage of."""
    return facts.document.stage is None and facts.document.status == STATUSES[0]


def unserved_within_bound(facts: Facts) -> list[str]:
    """What stays unserved is stated as it is; no less than proven where most is to be served."""
    return told(_unserved(facts))


def _unserved(facts: Facts) -> Iterator[str]:
    proven = facts.document.certificate
    true, bound = float(true_unserved_mw_it(facts).sum()), proven.unserved_bound_mw_it
    if differ(proven.unserved_mw_it, true, POWER_MW):
        yield f"{proven.unserved_mw_it:.4f} MW IT are said to stay unserved, it is {true:.4f}"
    if (bound is not None) != ("most-served" in facts.scenario.objective):
        yield f"a bound on unserved demand does not go with objective {facts.document.objective}"
    elif bound is not None and true < bound - POWER_MW:
        yield (
            f"no plan leaves less than {bound:.4f} MW IT unserved, says the plan, "
            f"which leaves {true:.4f}"
        )
    elif bound is not None and _planned_alone_within_gap(facts):
        wanted, worse_by = float(facts.demand["mw_it"].sum()), facts.document.worse_by
        allowed = (proven.asked_gap + GAP) * (wanted - true) + worse_by * (wanted - bound)
        if true - bound > allowed + POWER_MW:
            yield f"status within gap: {true:.4f} MW IT unserved, {bound:.4f} proven"


PROMISES: tuple[Promise, ...] = (
    sites_cost_what_they_say,
    items_add_up,
    cost_is_the_sum,
    capital_within_budget,
    gaps_follow,
    status_follows,
    unserved_within_bound,
)

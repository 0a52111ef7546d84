"""What the relaxation pays for demand, read off the prices of its rows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.instance.loads import Loads
from microdc.instance.periods import periods_of
from microdc.model.bound.prices import CountPrice, HeldPrices, HourPrices, OfDemand, OutagePrices
from microdc.oracles.base import Cut, Situation
from microdc.solve.search.relaxation import Row

ByRule = dict[str, dict[Any, float]]


def of_demand(
    instance: Instance, loads: Loads, rows: list[Row], price: Floats, by_rule: ByRule
) -> OfDemand:
    """
    Give the prices of what is wanted in order, in outages and in hours.

    `rows` are the cuts in force, `price` theirs; `by_rule` the prices of the other rows.
    """
    cuts = [(r.cut, p) for r, p in zip(rows, price, strict=True) if p > 0 and r.kind != "gives"]
    paid = dict(_by_situation((c, p) for c, p in cuts if c.counts_power))
    point = np.zeros(len(instance.points))
    wants, of_wants = paid.pop(Situation(), (np.empty(0, dtype=np.int64), np.empty(0)))
    point[wants] = of_wants
    moving = 0 if instance.hours is None else len(list(periods_of(instance.hours)))
    in_period = {s.period: p for s, p in paid.items() if s.period is not None}
    still = np.unique(loads.service)
    return OfDemand(
        point=point,
        outages=tuple(
            OutagePrices(rows=s.outages, points=points, price=price)
            for s, (points, price) in paid.items()
            if s.outages is not None
        ),
        needed=tuple(
            CountPrice(points=c.points, price=p * float(c.per_site[0]))
            for c, p in cuts
            if not c.counts_power
        ),
        hours=tuple(
            HourPrices(period=k, wants=wants, price=price)
            for k, (wants, price) in in_period.items()
            if k < moving
        ),
        held=tuple(
            _held(instance, loads, int(still[k - moving]), *wanted, by_rule)
            for k, wanted in in_period.items()
            if k >= moving
        ),
    )


def _by_situation(
    cuts: Iterable[tuple[Cut, float]],
) -> Iterable[tuple[Situation, tuple[Ints, Floats]]]:
    """Add up what is paid for each want in each situation."""
    parts: dict[Situation, list[tuple[Ints, float]]] = defaultdict(list)
    for cut, price in cuts:
        parts[cut.situation].append((cut.wants, price))
    for situation, paid in parts.items():
        wants, which = np.unique(np.concatenate([w for w, _ in paid]), return_inverse=True)
        each = np.repeat([p for _, p in paid], [len(w) for w, _ in paid])
        yield situation, (wants, np.bincount(which, each).astype(float))


def _held(
    instance: Instance, loads: Loads, service: int, wants: Ints, price: Floats, by_rule: ByRule
) -> HeldPrices:
    """Share out what a service pays that does not move, as the rows of each hour are paid."""
    hours = instance.hours
    assert hours is not None
    share = hours.share[:, service]
    paid = np.zeros((len(hours.what), len(instance.sites)))
    place = dict(zip(instance.sites.index, range(len(instance.sites)), strict=True))
    for rule in ("draw_within_size_by_hour", "draw_within_headroom_by_hour"):
        for (t, i), row_price in by_rule.get(rule, {}).items():
            paid[t, place[i]] += max(0.0, -row_price)
    for (t, k), row_price in by_rule.get("draw_within_tree_limit_by_hour", {}).items():
        paid[t] += max(0.0, -row_price) * hours.below[[k], :].toarray()[0]
    paid *= share[:, None]
    total = paid.sum(axis=0)
    peak = np.where(np.arange(len(share)) == share.argmax(), 1.0, 0.0)[:, None]
    by_hour = np.where(total > 0, paid / np.where(total > 0, total, 1.0), peak)
    points = np.flatnonzero(hours.service == service)[wants]
    return HeldPrices(service=service, points=points, price=price, by_hour=by_hour)

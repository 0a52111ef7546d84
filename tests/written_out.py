"""The textbook model of a small instance written out anew, objective by objective: an oracle."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from microdc.instance import Instance

SLACK = 1e-6
"""What an objective came to is held to so near (MW IT, sites, or ms)."""


class UnansweredError(Exception):
    """The solver ended in an error of its own, as it does now and then within a held objective."""


@dataclass
class Model:
    """
    Columns and rows of an instance: built (z), size (x), left (v), served over pairs (y).

    Then how many modules of which size each site has, which pairs serve unsplit points, and what
    is served over pairs in each outage. Nothing of the product's own models is used.
    """

    instance: Instance
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        instance, sites = self.instance, self.instance.sites
        self.n, self.m, self.reach = len(sites), len(instance.points), instance.reach
        self.mw_it = instance.points["mw_it"].to_numpy(float)
        self.group = instance.points["group"].to_numpy()
        self.owner = np.repeat(np.arange(self.m), np.diff(self.reach.start))
        must = sites["standing"].to_numpy(bool) | sites["forced"].to_numpy(bool)
        may = must | ~sites["forbidden"].to_numpy(bool)
        self.z = self.columns(must.astype(float), may.astype(float), whole=True)
        self.x = self.columns(np.zeros(self.n), sites["cap_mw"].to_numpy(float))
        self.v = self.columns(np.zeros(self.m), self.mw_it)
        self.y = self.columns(np.zeros(self.reach.pairs), self.mw_it[self.owner])
        self._service()
        self._sizes()
        self._rules()
        self._whole_points()
        self._outages()
        self.reached = np.flatnonzero(np.diff(self.reach.start) > 0)
        self.reached_mw_it = float(self.mw_it[self.reached].sum())
        if instance.most_mean_rtt_ms is not None:
            self.row(self.waits(), -np.inf, instance.most_mean_rtt_ms * self.reached_mw_it)

    def columns(self, lower: np.ndarray, upper: np.ndarray, *, whole: bool = False) -> np.ndarray:
        """Add columns and give their numbers."""
        first = len(self.lower)
        self.lower += list(lower)
        self.upper += list(upper)
        self.whole += [whole] * len(lower)
        return np.arange(first, len(self.lower))

    def row(self, of: dict[int, float], least: float, most: float) -> None:
        self.rows.append((of, least, most))

    def _service(self) -> None:
        for j in range(self.m):
            pairs = {self.y[p]: 1.0 for p in np.flatnonzero(self.owner == j)}
            self.row({**pairs, self.v[j]: 1.0}, self.mw_it[j], self.mw_it[j])
        for p, (j, i) in enumerate(zip(self.owner, self.reach.site, strict=True)):
            self.row({self.y[p]: 1.0, self.z[i]: -self.mw_it[j]}, -np.inf, 0.0)
        for g, most in enumerate(self.instance.groups["max_unserved_mw_it"]):
            self.row({self.v[j]: 1.0 for j in np.flatnonzero(self.group == g)}, -np.inf, most)

    def _sizes(self) -> None:
        sites, modules = self.instance.sites, self.instance.modules_mw
        for i in range(self.n):
            pue, existing = sites["pue"].iloc[i], sites["existing_mw"].iloc[i]
            load = {self.y[p]: pue for p in np.flatnonzero(self.reach.site == i)}
            self.row({**load, self.x[i]: -1.0}, -np.inf, 0.0)
            self.row({self.x[i]: 1.0, self.z[i]: -sites["cap_mw"].iloc[i]}, -np.inf, 0.0)
            self.row({self.x[i]: 1.0, self.z[i]: -sites["min_mw"].iloc[i]}, 0.0, np.inf)
            if modules and sites["modular"].iloc[i]:
                most = [np.floor(60 / mw) for mw in modules]
                number = self.columns(np.zeros(len(modules)), np.array(most), whole=True)
                sizes = {k: -mw for k, mw in zip(number, modules, strict=True)}
                self.row({self.x[i]: 1.0, self.z[i]: -existing, **sizes}, 0.0, 0.0)

    def _rules(self) -> None:
        instance, sites = self.instance, self.instance.sites
        existing = sites["existing_mw"].to_numpy(float)
        for node, limit in enumerate(instance.nodes["limit_mw"]):
            below = instance.below.toarray()[node]
            drawn = {self.x[i]: 1.0 for i in np.flatnonzero(below)}
            self.row(drawn, -np.inf, limit + below @ existing)
        for kind, most in enumerate(instance.counts["most"]):
            counted = np.flatnonzero(instance.counted.toarray()[kind])
            self.row({self.z[i]: 1.0 for i in counted}, -np.inf, most)
        for near in instance.apart.toarray() if instance.apart.shape[0] else []:
            self.row({self.z[i]: 1.0 for i in np.flatnonzero(near)}, -np.inf, 1.0)
        if instance.budget_mn is not None:
            spent = {self.z[i]: mn for i, mn in enumerate(sites["site_capital_mn"])}
            spent |= {self.x[i]: mn for i, mn in enumerate(sites["size_capital_mn_per_mw"])}
            self.row(spent, -np.inf, instance.budget_mn)

    def _whole_points(self) -> None:
        groups = self.instance.groups
        split = groups["split"].to_numpy() if "split" in groups else np.ones(len(groups), bool)
        for p in np.flatnonzero(~split[self.group[self.owner]]):
            (one,) = self.columns(np.zeros(1), np.ones(1), whole=True)
            self.row({self.y[p]: 1.0, one: -self.mw_it[self.owner[p]]}, 0.0, 0.0)

    def _outages(self) -> None:
        outages, pue = self.instance.outages, self.instance.sites["pue"].to_numpy(float)
        if outages is None:
            return
        out, reach = outages.sites.toarray().astype(bool), outages.reach
        owner = np.repeat(np.arange(self.m), np.diff(reach.start))
        for together in combinations(range(len(out)), outages.at_once):
            gone = out[list(together)].any(axis=0)
            served = self.columns(np.zeros(reach.pairs), self.mw_it[owner] * ~gone[reach.site])
            for j in range(self.m):
                kept = outages.kept[j]
                flows = {served[p]: 1.0 for p in np.flatnonzero(owner == j)}
                self.row({**flows, self.v[j]: kept}, kept * self.mw_it[j], np.inf)
            for i in range(self.n):
                load = {served[p]: pue[i] for p in np.flatnonzero(reach.site == i)}
                self.row({**load, self.x[i]: -1.0}, -np.inf, 0.0)

    def least(self, of: dict[int, float]) -> float:
        """Give the least that a sum of columns can be; infinite where there is no plan."""
        cost = np.zeros(len(self.lower))
        cost[list(of)] = list(of.values())
        at = [(r, k, value) for r, (row, *_) in enumerate(self.rows) for k, value in row.items()]
        r, k, value = zip(*at, strict=True)
        matrix = csr_array((value, (r, k)), shape=(len(self.rows), len(cost)))
        limits = [(least, most) for _, least, most in self.rows]
        answer = milp(
            cost,
            constraints=LinearConstraint(matrix, *np.array(limits).T),
            bounds=Bounds(np.array(self.lower), np.array(self.upper)),
            integrality=np.array(self.whole),
            options={"mip_rel_gap": 1e-9},
        )
        if answer.status == 2:
            return np.inf
        if answer.status != 0:
            raise UnansweredError(answer.message)
        return float(answer.fun)

    def waits(self) -> dict[int, float]:
        """Give what each column waits (ms): left demand its bound, all that some site reaches."""
        bound_ms = self.instance.groups["rtt_bound_ms"].to_numpy(float)[self.group]
        served = dict(zip(self.y, self.reach.rtt_ms, strict=True))
        return {**served, **{self.v[j]: bound_ms[j] for j in self.reached}}

    def costs(self) -> dict[int, float]:
        """Price of each column (millions a year)."""
        instance, sites = self.instance, self.instance.sites
        price = instance.groups["unserved_mn_per_mw_yr"].to_numpy(float)[self.group]
        pairs = instance.reach.mn_per_mw_it_yr
        return {
            **dict(zip(self.z, sites["site_mn_yr"], strict=True)),
            **dict(zip(self.x, sites["size_mn_per_mw_yr"], strict=True)),
            **dict(zip(self.v, price, strict=True)),
            **({} if pairs is None else dict(zip(self.y, pairs, strict=True))),
        }


def answered(instance: Instance, *objectives: str) -> Iterator[float]:
    """
    Give what each objective comes to among plans as good by those before it, and then the cost.

    MW IT left, new sites, or ms. Infinite, and no more, where there is no plan. Of the classes with
    a promise every round trip is tried, the shortest first.
    """
    model = Model(instance)
    for objective in objectives:
        if objective == "least-cost":
            break
        value = _TURNS[objective](model)
        yield value
        if not np.isfinite(value):
            return
    cost = model.least(model.costs())
    yield cost + instance.constant_mn_yr


def _summed(model: Model, of: dict[int, float], unit: float = 1.0) -> float:
    """Find the least sum, in a unit, and hold on to it."""
    least = model.least(of) / unit
    model.row(of, -np.inf, (least + SLACK) * unit)
    return least


def _most_served(model: Model) -> float:
    return _summed(model, dict.fromkeys(model.v, 1.0))


def _fewest_sites(model: Model) -> float:
    standing = model.instance.sites["standing"].to_numpy(bool)
    fewest = _summed(model, dict.fromkeys(model.z[~standing], 1.0))
    return round(fewest) if np.isfinite(fewest) else fewest


def _least_mean_rtt(model: Model) -> float:
    return _summed(model, model.waits(), model.reached_mw_it)


def _least_worst_rtt(model: Model) -> float:
    """Shut the pairs of classes with a promise that take longer, the longest last."""
    most_left = model.instance.groups["max_unserved_mw_it"].to_numpy()
    services = model.instance.points["service"].to_numpy()
    promised = np.isin(services, services[most_left[model.group] <= 0])
    counts = promised[model.owner]
    if not counts.any():
        return 0.0
    upper = np.array(model.upper)
    for most_ms in np.unique(model.reach.rtt_ms[counts]):
        shut = model.y[counts & (model.reach.rtt_ms > most_ms)]
        tried = upper.copy()
        tried[shut] = 0.0
        model.upper = list(tried)
        if np.isfinite(model.least({})):
            return float(most_ms)
    return np.inf


_TURNS = {
    "most-served": _most_served,
    "fewest-sites": _fewest_sites,
    "least-mean-rtt": _least_mean_rtt,
    "least-worst-rtt": _least_worst_rtt,
}

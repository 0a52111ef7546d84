"""
Instances with bottlenecks planted in them: which demand is short, by how much, and by which limit.

Blocks of points and sites lie side by side. All points of a block reach all its sites and want
more than those may give, by less than any of the points wants: so all of them together are the
only set that is short and cannot be made smaller. Around them is demand with power enough, which
reaches sites of the blocks as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Hours, Instance, Outages, Reach, matrix_of

PUE = 1.25
_ROOM_MW = 400.0


@dataclass(frozen=True, kw_only=True)
class Plant:
    """Demand points that are short (MW IT), and the kind of what limits them."""

    limit: str
    points: tuple[int, ...]
    short_mw_it: float
    unique: bool = True
    """Whether no other set is short that cannot be made smaller."""


@dataclass(kw_only=True)
class Bed:
    """What is being planted: columns of sites and points, who reaches whom, and rules."""

    rng: np.random.Generator
    cap_mw: list[float] = field(default_factory=list)
    forbidden: list[bool] = field(default_factory=list)
    capital_mn_per_mw: float = 0.0
    demand_mw_it: list[float] = field(default_factory=list)
    near: list[list[int]] = field(default_factory=list)
    nodes: list[tuple[float, list[int]]] = field(default_factory=list)
    counts: list[tuple[int, list[int]]] = field(default_factory=list)
    apart: list[list[int]] = field(default_factory=list)
    outages: list[list[int]] = field(default_factory=list)
    lean_mw: dict[int, float] = field(default_factory=dict)
    budget_mn: float | None = None
    modules_mw: tuple[float, ...] = ()
    plants: list[Plant] = field(default_factory=list)

    def sites(self, caps_mw: list[float], *, forbidden: bool = False) -> list[int]:
        first = len(self.cap_mw)
        self.cap_mw += caps_mw
        self.forbidden += [forbidden] * len(caps_mw)
        return list(range(first, len(self.cap_mw)))

    def points(self, have_mw_it: float, near: list[int]) -> tuple[tuple[int, ...], float]:
        """Add points that want more than there is, by less than any of them wants."""
        count = int(self.rng.integers(1, 5))
        share = self.rng.uniform(0.7, 1.3, count)
        most = have_mw_it / max(1, count - 1) if count > 1 else have_mw_it
        short_mw_it = float(self.rng.uniform(0.1, 0.5)) * min(have_mw_it, most) / count
        demand = share / share.sum() * (have_mw_it + short_mw_it)
        first = len(self.demand_mw_it)
        self.demand_mw_it += demand.tolist()
        self.near += [sorted(near) for _ in range(count)]
        return tuple(range(first, first + count)), short_mw_it

    def plant(self, limit: str, have_mw_it: float, near: list[int]) -> None:
        points, short_mw_it = self.points(have_mw_it, near)
        self.plants.append(Plant(limit=limit, points=points, short_mw_it=short_mw_it))


def _caps_mw(bed: Bed, count: int | None = None) -> list[float]:
    some = count or int(bed.rng.integers(1, 4))
    return [float(5 * bed.rng.integers(1, 5)) for _ in range(some)]


def headroom(bed: Bed) -> None:
    caps_mw = _caps_mw(bed)
    bed.plant("full size", sum(caps_mw) / PUE, bed.sites(caps_mw))


def forbidden(bed: Bed) -> None:
    caps_mw = _caps_mw(bed)
    near = bed.sites(caps_mw) + bed.sites(_caps_mw(bed), forbidden=True)
    bed.plant("full size", sum(caps_mw) / PUE, near)


def module_size(bed: Bed) -> None:
    """Headroom would do, but sites come in whole modules of 5 MW."""
    caps_mw = _caps_mw(bed)
    bed.modules_mw = (5.0,)
    near = bed.sites([mw + float(bed.rng.uniform(1, 4.9)) for mw in caps_mw])
    bed.plant("full size", sum(caps_mw) / PUE, near)


def tree_node(bed: Bed) -> None:
    near = bed.sites(_caps_mw(bed, int(bed.rng.integers(2, 4))))
    limit_mw = float(5 * max(1, int(0.6 * sum(bed.cap_mw[i] for i in near) / 5)))
    bed.nodes.append((limit_mw, near))
    bed.plant("node", limit_mw / PUE, near)


def count(bed: Bed) -> None:
    sites, most = int(bed.rng.integers(2, 5)), 1
    near = bed.sites([10.0] * sites)
    bed.counts.append((most, near))
    bed.plant("count", 10.0 * most / PUE, near)


def separation(bed: Bed) -> None:
    near = bed.sites([10.0] * int(bed.rng.integers(2, 4)))
    bed.apart.append(near)
    bed.plant("separation", 10.0 / PUE, near)


def outage(bed: Bed) -> None:
    """Any one of some equal sites may be out, and the others are too few."""
    sites = int(bed.rng.integers(2, 4))
    near = bed.sites([10.0] * sites)
    bed.outages += [[i] for i in near]
    bed.plant("outage", 10.0 * (sites - 1) / PUE, near)


def hour(bed: Bed) -> None:
    near = bed.sites(_caps_mw(bed))
    bed.lean_mw |= {i: 0.5 * bed.cap_mw[i] for i in near}
    bed.plant("hour", sum(0.5 * bed.cap_mw[i] for i in near) / PUE, near)


def budget(bed: Bed) -> None:
    near = bed.sites([20.0] * 3)
    bed.capital_mn_per_mw, bed.budget_mn = 9.0, 9.0 * 30.0
    bed.plant("budget", 30.0 / PUE, near)


def nested(bed: Bed) -> None:
    """Some points reach one site alone and are short; with others, who reach both, more so."""
    (first,), (second,) = bed.sites([10.0]), bed.sites([15.0])
    inner, more = bed.points(10.0 / PUE, [first])
    outer, most = bed.points(15.0 / PUE, [first, second])
    points = (*inner, *outer)
    bed.plants.append(
        Plant(limit="full size", points=points, short_mw_it=more + most, unique=False)
    )


Kind = Callable[[Bed], None]

AT_FULL_SIZE: tuple[Kind, ...] = (headroom, forbidden, module_size, nested)
BY_RULES: tuple[Kind, ...] = (tree_node, count, separation)
KINDS: tuple[Kind, ...] = (*AT_FULL_SIZE, *BY_RULES, outage, hour, budget)


def planted(seed: int) -> tuple[Instance, list[Plant]]:
    """Plant one kind of bottleneck, by turns, and often one or two of other kinds beside it."""
    rng = np.random.default_rng(seed)
    bed, first = Bed(rng=rng), KINDS[seed % len(KINDS)]
    beside = {hour: AT_FULL_SIZE[:2], budget: ()}.get(first, (*AT_FULL_SIZE, *BY_RULES, outage))
    first(bed)
    if beside:
        for _ in range(int(rng.integers(0, 3))):
            beside[rng.integers(len(beside))](bed)
    if bed.budget_mn is None:
        _around(bed)
    return _instance(bed), bed.plants


def _around(bed: Bed) -> None:
    """Add demand with power enough, which reaches sites of the blocks too."""
    (room,) = bed.sites([_ROOM_MW])
    for _ in range(int(bed.rng.integers(0, 5))):
        others = bed.rng.permutation(room)[: bed.rng.integers(0, 3)].tolist()
        bed.demand_mw_it.append(float(bed.rng.uniform(1, 10)))
        bed.near.append(sorted([room, *others]))


def _instance(bed: Bed) -> Instance:
    n, m = len(bed.cap_mw), len(bed.demand_mw_it)
    near = [len(sites) for sites in bed.near]
    reach = Reach(
        start=np.concatenate([[0], np.cumsum(near)]).astype(np.int64),
        site=np.concatenate(bed.near).astype(np.int32),
    )
    whole = Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 0.0,
                "cap_mw": bed.cap_mw,
                "existing_mw": 0.0,
                "pue": PUE,
                "site_mn_yr": 1.0,
                "size_mn_per_mw_yr": 1.0,
                "site_capital_mn": 0.0,
                "size_capital_mn_per_mw": bed.capital_mn_per_mw,
                "modular": True,
                "standing": False,
                "forced": False,
                "forbidden": bed.forbidden,
            },
            index=pd.Index([f"s{i:02}" for i in range(n)], name="site"),
        ),
        points=pd.DataFrame(
            {"place": range(m), "service": "chat", "group": 0, "mw_it": bed.demand_mw_it}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [0.0], "max_unserved_mw_it": [0.0]}, index=["chat"]
        ),
        reach=reach,
        nodes=pd.DataFrame(
            {"limit_mw": [mw for mw, _ in bed.nodes]},
            index=[f"node {k}" for k in range(len(bed.nodes))],
            dtype=float,
        ),
        below=matrix_of((sites for _, sites in bed.nodes), n),
        counts=pd.DataFrame(
            {"most": [most for most, _ in bed.counts]},
            index=[f"kind {k}" for k in range(len(bed.counts))],
        ),
        counted=matrix_of((sites for _, sites in bed.counts), n),
        apart=matrix_of(bed.apart, n),
        modules_mw=bed.modules_mw,
        budget_mn=bed.budget_mn,
    )
    return _with_situations(bed, whole)


def _with_situations(bed: Bed, whole: Instance) -> Instance:
    n, m = len(whole.sites), len(whole.points)
    if bed.outages:
        what = pd.DataFrame({"kind": "site", "id": [f"s{i:02}" for (i,) in bed.outages]})
        out = matrix_of(bed.outages, n)
        whole = replace(
            whole, outages=Outages(what=what, sites=out, reach=whole.reach, kept=np.ones(m))
        )
    if bed.lean_mw:
        cap_mw = whole.sites["cap_mw"].to_numpy()
        lean_mw = np.array([bed.lean_mw.get(i, cap_mw[i]) for i in range(n)])
        times = [f"2026-01-01T{hour:02}:00Z" for hour in range(2)]
        services = {"moves": [True], "deferred_share": [0.0], "defer_h": [0]}
        hours = Hours(
            what=pd.DataFrame({"time": times, "day": 0, "weight_h": 4380.0}),
            available_mw=np.array([cap_mw, lean_mw]),
            limits=pd.Index([]),
            limit_mw=np.empty((2, 0)),
            below=csr_array((0, n)),
            services=pd.DataFrame(services, index=["chat"]),
            share=np.ones((2, 1)),
            service=np.zeros(m, dtype=int),
        )
        whole = replace(whole, hours=hours)
    return whole

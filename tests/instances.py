"""Random instances small enough for the textbook model, and what can bind in them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Instance, Outages, Projects, Reach, Tiers, matrix_of, rows_of
from microdc.latency.apart import cliques_of
from microdc.latency.measured import with_measured

Feature = Callable[[np.random.Generator, Instance], Instance]


def random_instance(rng: np.random.Generator, sites: int | None = None) -> Instance:
    """Draw sites and points on a square; two groups at different prices; no rules yet."""
    n = sites or int(rng.integers(3, 16))
    m = int(rng.integers(n, 2 * n + 4))
    site_at, point_at = rng.random((n, 2)), rng.random((m, 2))
    km = np.linalg.norm(point_at[:, None] - site_at[None], axis=2)
    bound = rng.choice([0.25, 0.4, 0.7], m)
    bound = np.maximum(bound, km.min(axis=1))  # everyone reaches somebody
    lists = [np.flatnonzero(km[j] <= bound[j]) for j in range(m)]
    reach = Reach(
        start=np.concatenate([[0], np.cumsum([len(near) for near in lists])]),
        site=np.concatenate(lists).astype(np.int32),
    )
    cap = rng.uniform(5, 20, n).round(1)
    demand = rng.uniform(0.2, 6, m).round(2)
    demand *= min(1.0, 0.75 * cap.sum() / demand.sum())
    group = rng.integers(0, 2, m)
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 5.0,
                "cap_mw": cap,
                "existing_mw": 0.0,
                "pue": 1.25,
                "site_mn_yr": rng.uniform(0.3, 3, n).round(2),
                "size_mn_per_mw_yr": rng.uniform(1.0, 1.6, n).round(3),
                "site_capital_mn": rng.uniform(3, 6, n).round(1),
                "size_capital_mn_per_mw": 9.0,
                "modular": True,
                "standing": False,
                "forced": False,
                "forbidden": False,
            },
            index=pd.Index([f"s{i:02}" for i in range(n)], name="site"),
        ),
        points=pd.DataFrame({"place": range(m), "service": 0, "group": group, "mw_it": demand}),
        groups=pd.DataFrame(
            {
                "unserved_mn_per_mw_yr": [9.0, 6.0],
                "max_unserved_mw_it": np.bincount(group, weights=demand, minlength=2),
            },
            index=["dear", "cheap"],
        ),
        reach=reach,
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, n)),
    )


def with_far_point(instance: Instance, mw_it: float) -> Instance:
    """Add a point in no site's reach."""
    far = pd.DataFrame({"place": ["d"], "service": "chat", "group": 0, "mw_it": [mw_it]})
    reach = instance.reach
    most = instance.groups["max_unserved_mw_it"]
    return replace(
        instance,
        points=pd.concat([instance.points, far], ignore_index=True),
        groups=instance.groups.assign(max_unserved_mw_it=most.where(most == 0, most + mw_it)),
        reach=replace(reach, start=np.append(reach.start, reach.start[-1])),
    )


def modules(rng: np.random.Generator, instance: Instance) -> Instance:
    sizes = [(5.0, 8.0), (2.5,), (5.0,), (6.0, 7.0)][rng.integers(4)]
    return replace(instance, modules_mw=sizes)


def tiers(rng: np.random.Generator, instance: Instance) -> Instance:
    """Up to about half of what most sites can have a connection is cheap, beyond it is not."""
    n, sites = len(instance.sites), instance.sites
    bound_mw = round(float(rng.uniform(6, 12)), 1)
    fixed, per_mw = np.zeros((n, 3)), np.zeros((n, 3))
    fixed[:, 1:] = rng.uniform(0.5, 4, (n, 2)).round(2)
    per_mw[:, rng.integers(3)] = 0.2
    applies = ~sites["standing"].to_numpy(dtype=bool)
    fixed[~applies] = per_mw[~applies] = 0.0
    return replace(
        instance,
        tiers=Tiers(
            begins_mw=np.array([0.0, bound_mw + 1e-3, 15.001]),
            ends_mw=np.array([bound_mw, 15.0, np.inf]),
            applies=applies,
            site_mn_yr=fixed,
            size_mn_per_mw_yr=per_mw,
            site_capital_mn=8 * fixed,
            size_capital_mn_per_mw=8 * per_mw,
        ),
    )


def projects(rng: np.random.Generator, instance: Instance) -> Instance:
    """Sites on a square of their own; about two of them make a project, of two of three owners."""
    n, joins = len(instance.sites), ~instance.sites["standing"].to_numpy(dtype=bool)
    at = rng.random((n, 2))
    near = np.linalg.norm(at[:, None] - at[None], axis=2) < 0.4
    member, centre = np.nonzero(near & joins & joins[:, None])
    return replace(
        instance,
        projects=Projects(
            joins=joins,
            member=member,
            centre=centre,
            owner=rng.integers(0, 3, n),
            least_mw=round(float(rng.uniform(15, 25)), 1),
            most_owners=int(rng.integers(1, 3)),
        ),
    )


def tree(rng: np.random.Generator, instance: Instance) -> Instance:
    """Two levels: pairs or triples of sites below feeders, all feeders below one supply point."""
    n = len(instance.sites)
    order = rng.permutation(n)
    feeders = [part.tolist() for part in np.array_split(order, max(1, n // 3))]
    cap = instance.sites["cap_mw"].to_numpy()
    limits = [0.55 * cap[part].sum() for part in feeders]
    nodes = [*feeders, list(range(n))]
    limits.append(0.8 * sum(limits))
    index = [f"feeder {k}" for k in range(len(feeders))] + ["supply point"]
    return replace(
        instance,
        nodes=pd.DataFrame({"limit_mw": limits}, index=index),
        below=matrix_of(nodes, n),
    )


def parcels(rng: np.random.Generator, instance: Instance) -> Instance:
    """Two or three parcels below each substation, whose headroom the largest of them could take."""
    n = len(instance.sites)
    shared = [part.tolist() for part in np.array_split(rng.permutation(n), max(1, n // 2))]
    cap = instance.sites["cap_mw"].to_numpy()
    index = [f"substation {k}" for k in range(len(shared))]
    limits = [cap[part].max() for part in shared]
    return replace(
        instance,
        nodes=pd.DataFrame({"limit_mw": limits}, index=index),
        below=matrix_of(shared, n),
    )


def budget(rng: np.random.Generator, instance: Instance) -> Instance:
    need = instance.points["mw_it"].sum() * 1.25
    return replace(instance, budget_mn=float(rng.uniform(0.4, 0.9) * (9 * need + 10)))


def counts(rng: np.random.Generator, instance: Instance) -> Instance:
    n = len(instance.sites)
    kinds = [list(range(n)), list(range(0, n, 2))]
    need = instance.points["mw_it"].sum() * 1.25 / 14
    most = [max(1, round(0.8 * need)), max(1, round(0.3 * need))]
    return replace(
        instance,
        counts=pd.DataFrame({"most": most}, index=["all", "even"]),
        counted=matrix_of(kinds, n),
    )


def apart(rng: np.random.Generator, instance: Instance) -> Instance:
    """Sites on a square of their own; those nearer than a third of its side exclude each other."""
    n = len(instance.sites)
    at = rng.random((n, 2))
    near = np.linalg.norm(at[:, None] - at[None], axis=2) < 0.35
    pairs = np.argwhere(np.triu(near, 1))
    return replace(instance, apart=matrix_of(cliques_of(pairs, n), n))


def forced(rng: np.random.Generator, instance: Instance) -> Instance:
    flags = np.zeros(len(instance.sites), dtype=bool)
    flags[rng.choice(len(flags), size=1 + len(flags) // 6, replace=False)] = True
    return replace(instance, sites=instance.sites.assign(forced=flags))


def forbidden(rng: np.random.Generator, instance: Instance) -> Instance:
    flags = np.zeros(len(instance.sites), dtype=bool)
    flags[rng.choice(len(flags), size=1 + len(flags) // 3, replace=False)] = True
    return replace(instance, sites=instance.sites.assign(forbidden=flags))


def existing(rng: np.random.Generator, instance: Instance) -> Instance:
    """Some sites stand with up to all of what they can have; four fifths of its price are paid."""
    sites = instance.sites
    stands = rng.permutation(len(sites)) < 1 + len(sites) // 4
    share = rng.uniform(0.2, 1.1, len(sites)).clip(max=1)
    mw = np.where(stands, (share * sites["cap_mw"]).round(1), 0.0)
    paid_mn_yr = (0.8 * sites["size_mn_per_mw_yr"] * mw).round(6)
    changed = {
        "min_mw": sites["min_mw"].where(~stands, mw),
        "cap_mw": np.maximum(sites["cap_mw"], mw),
        "existing_mw": mw,
        "site_mn_yr": sites["site_mn_yr"].where(~stands, -paid_mn_yr),
        "site_capital_mn": sites["site_capital_mn"].where(~stands, -9.0 * mw),
        "standing": sites["standing"] | stands,
    }
    hours = instance.hours and replace(
        instance.hours, available_mw=np.maximum(instance.hours.available_mw, mw)
    )
    return replace(instance, sites=sites.assign(**changed), hours=hours)


def hubs(rng: np.random.Generator, instance: Instance) -> Instance:
    """One site or more is a hub: no fixed cost, no least size, no tree, and counted nowhere."""
    n = len(instance.sites)
    hub = rng.permutation(n) < 1 + n // 6
    changed: dict[str, float | bool] = {
        "min_mw": 0.0, "existing_mw": 0.0, "pue": 1.0, "site_mn_yr": 0.0, "site_capital_mn": 0.0,
        "size_capital_mn_per_mw": 0.0, "modular": False, "standing": True, "forced": False,
        "forbidden": False,
    }  # fmt: skip
    sites = instance.sites.copy()
    for column, value in changed.items():
        sites[column] = sites[column].where(~hub, value)
    sites["cap_mw"] = sites["cap_mw"].where(~hub, rng.uniform(1, 10, n).round(1))
    price = rng.uniform(1.2, 2.2, n).round(3)
    sites["size_mn_per_mw_yr"] = sites["size_mn_per_mw_yr"].where(~hub, price)

    def without_hubs(matrix: csr_array) -> csr_array:
        return matrix_of(([i for i in row if not hub[i]] for row in rows_of(matrix)), n)

    return replace(
        instance,
        sites=sites,
        below=without_hubs(instance.below),
        counted=without_hubs(instance.counted),
        apart=without_hubs(instance.apart),
        hours=instance.hours and replace(instance.hours, below=without_hubs(instance.hours.below)),
    )


def prices(rng: np.random.Generator, instance: Instance) -> Instance:
    """Low enough that some demand is better left, in any order."""
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=rng.uniform(0.5, 2.5, len(instance.groups)).round(2)
    )
    return replace(instance, groups=groups)


def floors(rng: np.random.Generator, instance: Instance) -> Instance:
    """Prices at which nobody would be served, and a share that must be all the same."""
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=rng.uniform(0.4, 0.9, len(instance.groups)),
        max_unserved_mw_it=instance.groups["max_unserved_mw_it"] * rng.uniform(0.2, 0.7),
    )
    return replace(instance, groups=groups)


def must_serve(rng: np.random.Generator, instance: Instance) -> Instance:
    """One group has no price: it is served in full; the other hardly pays."""
    first = np.arange(len(instance.groups)) == 0
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=np.where(first, 0.0, rng.uniform(0.8, 2.0)),
        max_unserved_mw_it=np.where(first, 0.0, instance.groups["max_unserved_mw_it"]),
    )
    return replace(instance, groups=groups)


def pue_by_site(rng: np.random.Generator, instance: Instance) -> Instance:
    pue = rng.uniform(1.05, 1.9, len(instance.sites)).round(2)
    return replace(instance, sites=instance.sites.assign(pue=pue))


def several_groups(rng: np.random.Generator, instance: Instance) -> Instance:
    """Five groups at five prices instead of two."""
    group = rng.integers(0, 5, len(instance.points))
    demand = np.bincount(group, weights=instance.points["mw_it"], minlength=5)
    return replace(
        instance,
        points=instance.points.assign(group=group),
        groups=pd.DataFrame(
            {
                "unserved_mn_per_mw_yr": rng.uniform(0.5, 6, 5).round(2),
                "max_unserved_mw_it": demand,
            },
            index=list("abcde"),
        ),
    )


def measured(rng: np.random.Generator, instance: Instance) -> Instance:
    """Pairs that were measured: some come into reach, some other than the nearest drop out."""
    names, reach = instance.sites.index, instance.reach
    rows = []
    for j in range(len(instance.points)):
        near = reach.site[reach.start[j] : reach.start[j + 1]]
        told = rng.choice(len(names), size=max(1, len(names) // 4), replace=False)
        rows += [(j, names[i], 2.0 if i in near[1:] else 0.5) for i in told]
    table = pd.DataFrame(rows, columns=["place", "site", "rtt_ms"])
    points = instance.points.assign(rtt_ms=1.0)
    table = table.merge(points[["place", "service"]].drop_duplicates("place"), on="place")
    return replace(instance, reach=with_measured(reach, points, names, table))


def outages(rng: np.random.Generator, instance: Instance) -> Instance:
    """Any one site may be out; those served are served in full all the same."""
    n = len(instance.sites)
    return surviving(instance, [[i] for i in range(n)], np.ones(len(instance.points)))


def outages_relaxed(rng: np.random.Generator, instance: Instance) -> Instance:
    """Sites or whole feeders may be out; a share is kept, within a wider bound."""
    n = len(instance.sites)
    feeders = [part.tolist() for part in np.array_split(rng.permutation(n), max(2, n // 3))]
    share = rng.choice([0.0, 0.5, 0.9, 1.0], len(instance.groups))[instance.points["group"]]
    reach, wider = instance.reach, []
    for j in range(len(instance.points)):
        near = reach.site[reach.start[j] : reach.start[j + 1]]
        wider.append(np.union1d(near, rng.choice(n, size=1 + n // 4, replace=False)))
    relaxed = Reach(
        start=np.concatenate([[0], np.cumsum([len(near) for near in wider])]),
        site=np.concatenate(wider).astype(np.int32),
    )
    return surviving(instance, feeders, share, relaxed)


def outages_of_two(rng: np.random.Generator, instance: Instance) -> Instance:
    """Any two of every second site may be out at once; two thirds are kept."""
    kept = np.full(len(instance.points), 2 / 3)
    every_second = [[i] for i in range(0, len(instance.sites), 2)]
    return surviving(instance, every_second, kept, at_once=2)


def outages_of_all_sorts(rng: np.random.Generator, instance: Instance) -> Instance:
    """Some sites are never out, some in several outages; every point keeps a share of its own."""
    n = len(instance.sites)
    sets = [rng.choice(n, size=int(rng.integers(1, n)), replace=False) for _ in range(3)]
    kept = rng.uniform(0, 1, len(instance.points)) * (rng.random(len(instance.points)) < 0.8)
    return surviving(instance, [part.tolist() for part in sets], kept, at_once=rng.integers(1, 3))


def surviving(
    instance: Instance,
    out: list[list[int]],
    kept: np.ndarray,
    reach: Reach | None = None,
    at_once: int = 1,
) -> Instance:
    what = pd.DataFrame({"kind": "site", "id": [str(k) for k in range(len(out))]})
    sites = matrix_of(out, len(instance.sites))
    reach = reach or instance.reach
    survived = Outages(what=what, sites=sites, reach=reach, kept=kept, at_once=at_once)
    return replace(instance, outages=survived, hours=None)


FEATURES: dict[str, Feature] = {
    f.__name__: f
    for f in (
        modules,
        tiers,
        projects,
        tree,
        parcels,
        budget,
        counts,
        apart,
        forced,
        forbidden,
        existing,
        hubs,
        prices,
        floors,
        must_serve,
        pue_by_site,
        several_groups,
        measured,
        outages,
        outages_relaxed,
        outages_of_two,
        outages_of_all_sorts,
    )
}

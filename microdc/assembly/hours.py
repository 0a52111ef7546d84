"""The hours in which service is promised, and which of them need not be looked at."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.assembly.limits import at_and_below
from microdc.inputs.hosts.capacity import ancestors_of
from microdc.inputs.hosts.connection import connectable_mw
from microdc.inputs.hours.profiles import Profiles
from microdc.inputs.region import Region
from microdc.inputs.tables.findings import refused
from microdc.inputs.tables.forms.memory import VARIABLE, memory_bytes
from microdc.instance import WATT_MW, Floats, Hours, Ints
from microdc.scenario import Scenario

AT_ONCE = 32
"""Columns in which hours are compared before those that differ are let go."""

OF_AN_HOUR_AT_A_SITE = 40
"""What is held of each (bytes): what is available, what may grow, and what limits compare."""


def hours_of(
    scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.DataFrame
) -> Hours | None:
    """
    Give the hours in which service is promised; None where nothing is told by the hour.

    `points` have their `service`; `sites` are those of the instance, with `cap_mw` and
    `existing_mw`. What a site may draw by itself is told within its cap, and within what every
    limit above it has to spare, unless others that exist below that limit could leave it more.
    Raises InputError for more hours of more sites than fit into memory.
    """
    if region.hours is None:
        return None
    used = region.hours.used
    _refuse_beyond_memory(scenario, len(used), len(sites))
    hour, names = used["hour"].to_numpy(), list(scenario.services)
    member = at_and_below(region.substations, sites.index)
    available_mw = _available_mw(region, region.hours, sites, member)
    growth_mw = available_mw - sites["existing_mw"].to_numpy()
    limits, limit_mw = _limits(scenario, region.hours, growth_mw, member)
    what = region.hours.what.iloc[hour][["time", "day"]].reset_index(drop=True)
    return Hours(
        what=what.assign(weight_h=used["weight_h"].to_numpy()),
        available_mw=available_mw,
        limits=region.substations.index[limits],
        limit_mw=limit_mw,
        below=csr_array(member[limits]),
        services=_services(scenario),
        share=region.hours.share_of(names, hour),
        service=pd.Index(names).get_indexer(pd.Index(points["service"])).astype(np.int64),
    )


def _refuse_beyond_memory(scenario: Scenario, hours: int, sites: int) -> None:
    """Refuse more hours at once than fit into memory, each with every site."""
    needed = hours * sites * OF_AN_HOUR_AT_A_SITE
    if needed > memory_bytes():
        raise refused(
            scenario.path.name,
            f"hours.use: {hours:,} hours of {sites:,} sites would not fit into memory",
            found=f"{needed / 1e9:.1f} GB",
            allowed=f"{memory_bytes() / 1e9:g} GB: say use: 12 days, or state more as {VARIABLE}",
        )


def _services(scenario: Scenario) -> pd.DataFrame:
    """Give `Hours.services`."""
    defers = [service.defer for service in scenario.services.values()]
    return pd.DataFrame(
        {
            "moves": [service.movable for service in scenario.services.values()],
            "deferred_share": [0.0 if defer is None else defer.share for defer in defers],
            "defer_h": [0 if defer is None else defer.hours for defer in defers],
        },
        index=pd.Index(scenario.services, name="service"),
    )


def _available_mw(
    region: Region, hours: Profiles, sites: pd.DataFrame, member: csr_array
) -> Floats:
    """Give `Hours.available_mw`: existing power and headroom, at most the site's own cap."""
    existing_mw, cap_mw = (sites[c].to_numpy() for c in ("existing_mw", "cap_mw"))
    below_mw = member @ existing_mw
    row = region.substations.index.get_indexer(sites.index)
    hour = hours.used["hour"].to_numpy()
    available_mw = np.repeat(cap_mw[None], len(hour), axis=0)
    levels = [np.where(row < 0, -1, level[row]) for level in ancestors_of(region.substations)]
    for level, above in enumerate([row, *levels]):
        # What exists elsewhere below a limit may draw less, and so leave more: not its own then.
        alone = (level == 0) | (below_mw[above] <= existing_mw)
        at = np.flatnonzero((above >= 0) & alone)
        room_mw = existing_mw[at] + hours.headroom_mw(above[at], hour)
        available_mw[:, at] = np.fmin(available_mw[:, at], room_mw)
    return available_mw


def _limits(
    scenario: Scenario, hours: Profiles, growth_mw: Floats, member: csr_array
) -> tuple[Ints, Floats]:
    """
    Give the rows of the tree that sites below could exceed together in some hour, and their limits.

    `growth_mw` is what each site may draw beside what exists, hours x sites. More than may be
    connected below a limit is never drawn there, so its headroom counts up to that.
    """
    hour = hours.used["hour"].to_numpy()
    shared = np.flatnonzero(np.diff(member.indptr) > 1)
    limit_mw = np.fmin(hours.headroom_mw(shared, hour), connectable_mw(scenario, hours, shared))
    most_mw = np.fmin((member[shared] @ growth_mw.T).T, connectable_mw(scenario, hours, shared))
    could = (most_mw > limit_mw + WATT_MW).any(axis=0)
    return shared[could], limit_mw[:, could]


def in_force(hours: Hours) -> Hours:
    """
    Give the hours that need to be looked at: no other has at most as much of all, and wants more.

    Whoever serves an hour with no more available at any site, no more to spare at any limit and no
    less demand of any service also serves this one, with the same flows or less. Of equal hours the
    first is looked at. Where load may wait within its day, days are compared, hour by hour.
    """
    less = np.hstack([-hours.share, hours.limit_mw, hours.available_mw])
    worst = _worst(less, hours.what["day"], hours.services)
    return _of_hours(hours, worst)


def hours_in_force(
    scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.DataFrame
) -> Hours | None:
    """Give the hours of `hours_of` that are `in_force`, without holding the others' sites."""
    if region.hours is None:
        return None
    few = replace(region, hours=worth_a_look(scenario, region.hours))
    hours = hours_of(scenario, few, points, sites)
    return hours and in_force(hours)


def worth_a_look(scenario: Scenario, hours: Profiles) -> Profiles:
    """
    Leave out hours in which every profile has at least as much as in another, and wants no more.

    It spares `hours_of` a table of all hours and all sites; `in_force` then looks at the sites.
    """
    at = hours.used["hour"].to_numpy()
    less = np.hstack([-hours.share_of(list(scenario.services), at), hours.rising[at]])
    worst = _worst(less, hours.what["day"].iloc[at], _services(scenario))
    return replace(hours, used=hours.used.iloc[worst])


def left_out(scenario: Scenario, region: Region) -> list[str]:
    """Say in how many hours of the tables nothing is promised though they are the hardest."""
    if region.hours is None:
        return []
    hours, services = region.hours, _services(scenario)
    used, every = hours.used["hour"].to_numpy(), np.arange(len(hours.what))
    at = np.concatenate([used, every])  # of equal ones the first is the hardest
    less = np.hstack([-hours.share_of(list(scenario.services), at), hours.rising[at]])
    once = hours.what["day"].max() + 1
    again = np.repeat([0, once], [len(used), len(every)])
    day = hours.what["day"].iloc[at].reset_index(drop=True) + again
    hardest = _worst(less, day, services)
    beyond = at[hardest[hardest >= len(used)]]
    if not len(beyond):
        return []
    first = hours.what["time"].iloc[beyond[0]]
    return [
        f"hours.use: {scenario.hours.use if scenario.hours else ''} promises nothing in "
        f"{len(beyond):,} hour(s) of the tables, such as {first}, that have less of something than "
        "every hour used; use: all promises them too"
    ]


def _worst(less: Floats, day: "pd.Series[int]", services: pd.DataFrame) -> Ints:
    """Give the hours (rows) with no more of everything than any other; whole days if load waits."""
    defers = ((services["deferred_share"] > 0) & (services["defer_h"] > 0)).any()
    whose = pd.factorize(day)[0] if defers else np.arange(len(less))
    telling = less[:, np.ptp(less, axis=0) > 0]
    rows = whose[-1] + 1
    worst = least_rows(telling.reshape(rows, telling.size // rows))
    return np.flatnonzero(np.isin(whose, worst))


def _of_hours(hours: Hours, at: Ints) -> Hours:
    return replace(
        hours,
        what=hours.what.iloc[at].reset_index(drop=True),
        available_mw=hours.available_mw[at],
        limit_mw=hours.limit_mw[at],
        share=hours.share[at],
    )


def least_rows(table: Floats) -> Ints:
    """Give the rows that are at least as large as no other in every column; of equals the first."""
    columns = np.argsort(-table.std(axis=0), kind="stable")  # the most telling first
    table = np.ascontiguousarray(table[:, columns])
    kept: list[int] = []
    front = np.empty_like(table)
    for row in np.argsort(table.sum(axis=1), kind="stable"):
        below = np.arange(len(kept))
        for start in range(0, table.shape[1], AT_ONCE):
            block = slice(start, start + AT_ONCE)
            below = below[(front[below, block] <= table[row, block]).all(axis=1)]
            if not len(below):
                break
        if not len(below):
            front[len(kept)] = table[row]
            kept.append(int(row))
    return np.sort(np.array(kept, dtype=np.int64))

"""
What sites draw hour by hour, where that must be decided: where it is not simply all they have.

Sites below a limit that could bind in an hour share what it has to spare then; and what a site
holds for services that do not move it cannot give to others.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from microdc.instance.reach import Floats, Ints
from microdc.instance.rows import rows_of
from microdc.instance.siting import Instance
from microdc.instance.sizes import WATT_MW


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """
    Loads by hour, then what is held for the peak of services that do not move (MW, grid side).

    hour, site
        Of each load by hour: rows of `Hours.what` and of `Instance.sites`.
    service, holder
        Of each load held: rows of `Hours.services` and of `Instance.sites`.
    binding
        Limits (row of `Hours.limits`) that could bind, and the hour in which they could.
    """

    hour: Ints
    site: Ints
    service: Ints
    holder: Ints
    binding: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Give the number of loads, by hour and held."""
        return len(self.hour) + len(self.service)

    def place(self, hours: int, sites: int) -> Ints:
        """Give the place of each load by hour among all; -1: not decided; hours x sites."""
        place = np.full((hours, sites), -1)
        place[self.hour, self.site] = np.arange(len(self.hour))
        return place

    def held_by(self, service: int) -> Ints:
        """Give the places of what all sites hold for a service, in their order."""
        return len(self.hour) + np.flatnonzero(self.service == service)

    def taken_over(
        self, load_mw: Floats, fewer: "Loads", old: Ints, instance: Instance, mw: Floats
    ) -> Floats:
        """
        Give loads of fewer sites, rows `old` of these, as loads of all; the others draw nothing.

        What was not decided before is all that the site has, `mw` by site.
        """
        hours = instance.hours
        if hours is None or not len(self):
            return np.empty(0)
        by_hour_mw = np.minimum(mw, hours.available_mw)
        by_hour_mw[fewer.hour, old[fewer.site]] = load_mw[: len(fewer.hour)]
        held_mw = np.zeros((len(hours.services), len(mw)))
        held_mw[fewer.service, old[fewer.holder]] = load_mw[len(fewer.hour) :]
        loads_mw = by_hour_mw[self.hour, self.site], held_mw[self.service, self.holder]
        return np.concatenate(loads_mw)


def loads_of(instance: Instance) -> Loads:
    """List the loads that are decided; none where demand has no hours."""
    none = np.empty(0, dtype=np.int64)
    hours = instance.hours
    if hours is None:
        return Loads(hour=none, site=none, service=none, holder=none, binding=())
    most_mw = np.minimum(instance.sites["cap_mw"].to_numpy(), hours.available_mw)
    growth_mw = most_mw - instance.sites["existing_mw"].to_numpy()
    over = csr_array(hours.below) @ growth_mw.T > hours.limit_mw.T + WATT_MW  # limits x hours
    binding = tuple((int(t), int(k)) for k, t in np.argwhere(over))
    decided = np.zeros(hours.available_mw.shape, dtype=bool)
    below = rows_of(hours.below)
    for t, k in binding:
        decided[t, below[k]] = True
    still = np.flatnonzero(~hours.services["moves"].to_numpy(dtype=bool))
    still = still[np.isin(still, hours.service) & (hours.share[:, still].max(axis=0) > 0)]
    if len(still):
        decided[:] = True
    hour, site = np.nonzero(decided)
    sites = np.arange(len(instance.sites))
    return Loads(
        hour=hour,
        site=site,
        service=np.repeat(still, len(sites)),
        holder=np.tile(sites, len(still)),
        binding=tuple(sorted(binding)),
    )


def most_held_mw(instance: Instance, loads: Loads) -> Floats:
    """Give the most of each load held (MW): in its highest hour it takes the whole site."""
    hours, cap_mw = instance.hours, instance.sites["cap_mw"].to_numpy()[loads.holder]
    if hours is None:
        return cap_mw
    most_mw: Floats = cap_mw / hours.share.max(axis=0)[loads.service]
    return most_mw


def at_full_draw(instance: Instance, loads: Loads, built: Floats, mw: Floats) -> Floats:
    """
    Give loads (MW) as large as they can be all at once: at size, and shared out below limits.

    A site holds for each service that does not move what its share is of the demand it reaches.
    """
    hours = instance.hours
    if hours is None or not len(loads):
        return np.empty(0)
    part = _parts_held(instance, loads)  # of each load held, of its site's size
    held_mw = part * mw[loads.holder]
    taken = np.zeros((len(hours.what), len(mw)))  # of its size, by services that do not move
    np.add.at(taken.T, loads.holder, part[:, None] * hours.share.T[loads.service])
    most_mw = np.minimum(mw, hours.available_mw * built)
    cut = np.ones(most_mw.shape)
    below, existing = rows_of(hours.below), instance.sites["existing_mw"].to_numpy()
    for t, k in loads.binding:
        drawn_mw = (cut[t, below[k]] * most_mw[t, below[k]]).sum()
        spare_mw = hours.limit_mw[t, k] + (existing * built)[below[k]].sum()
        cut[t, below[k]] *= min(1.0, max(0.0, spare_mw) / max(drawn_mw, WATT_MW))
    draw_mw = cut * most_mw
    if len(held_mw):
        whole = np.where(mw > 0, (draw_mw / np.where(mw > 0, mw, 1.0)).min(axis=0), 0.0)
        held_mw = held_mw * whole[loads.holder]
        draw_mw = draw_mw - taken * whole * mw
    return np.concatenate([np.maximum(draw_mw, 0.0)[loads.hour, loads.site], held_mw])


def _parts_held(instance: Instance, loads: Loads) -> Floats:
    """Give how much of its size each site holds for the peak of services that do not move."""
    hours, reach = instance.hours, instance.reach
    assert hours is not None
    size = len(hours.services), len(instance.sites)
    near_mw_it = np.zeros(size)
    owner = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
    demand_mw_it = instance.points["mw_it"].to_numpy()[owner]
    np.add.at(near_mw_it, (hours.service[owner], reach.site), demand_mw_it)
    all_mw_it = np.maximum(near_mw_it.sum(axis=0), 1e-12)
    part = (near_mw_it / all_mw_it)[loads.service, loads.holder]
    held: Floats = part / hours.share.max(axis=0)[loads.service]
    return held

"""Where each place is at home: the least latency in the hour in which most is demanded."""

import numpy as np
import pandas as pd

from microdc.instance import WATT_MW, Floats, Hours, Instance, Ints
from microdc.placement.assign import Pairs
from microdc.placement.hours.routing import Room, Ways, route
from microdc.solve.outcome import Outcome

_LEAVE = 1e3  # times the longest round trip: what finds no room weighs that beside saving time
_CRUMB_SHARE = 1e-3  # of a point: less than this, or than a watt, goes with the rest of it


def home_service(instance: Instance, outcome: Outcome, pairs: Pairs) -> pd.DataFrame:
    """
    Say from where every point is served as long as nothing stands against it, at its peak.

    A service that does not move is at home within what the search holds for it. The others are at
    home where the least latency has them in the hour in which they demand most, of such hours that
    with least power. Who finds no room there, because it waits, is at home at the nearest site.

    Gives `point` and `site` (rows; site -1 where demand stays unserved), `mw_it`, `rtt_ms`; every
    point adds up to its peak, of which the search leaves `outcome.by_hour.unserved_mw_it`.
    """
    assert instance.hours is not None
    assert outcome.by_hour is not None
    built = instance.sites.index.get_indexer(outcome.sizes_mw.index)
    home = _Home(instance, instance.hours.with_sites(built), outcome, pairs)
    flow = np.zeros(len(pairs.point))
    for service in np.flatnonzero(~home.moves).tolist():
        flow += home.held(service)
    flow += home.of_movers(flow)
    return home.rows(flow)


class _Home:
    """What is to be served at its peak, and the power for it."""

    def __init__(self, instance: Instance, hours: Hours, outcome: Outcome, pairs: Pairs) -> None:
        assert outcome.by_hour is not None
        self.hours, self.pairs = hours, pairs
        self.mw = outcome.sizes_mw.to_numpy(float)
        self.held_mw = outcome.by_hour.held_mw
        self.hosts = outcome.sizes_mw.index
        sites = instance.sites.loc[self.hosts]
        self.pue, self.existing_mw = (sites[c].to_numpy(float) for c in ("pue", "existing_mw"))
        self.demand = instance.points["mw_it"].to_numpy(float)
        left = np.clip(outcome.by_hour.unserved_mw_it, 0.0, self.demand)
        left[left < _crumb_mw_it(self.demand)] = 0.0
        reached = np.zeros(len(left), dtype=bool)
        reached[pairs.point] = True
        self.wanted = np.where(reached, self.demand - left, 0.0)
        self.moves = hours.services["moves"].to_numpy(bool)
        self.host = self.hosts.get_indexer(instance.sites.index[pairs.site]).astype(np.int64)
        self.leave_ms = np.full(len(left), _LEAVE * pairs.rtt_ms.max(initial=1.0))

    def held(self, service: int) -> Floats:
        """Serve a service that does not move within what is held for it."""
        name = self.hours.services.index[service]
        keys = pd.MultiIndex.from_product([[name], self.hosts])
        held_mw = np.asarray(self.held_mw.reindex(keys, fill_value=0.0), np.float64)
        limits = np.empty(0)
        room = Room(mw=held_mw, pue=self.pue, limit_mw=limits, below=self.hours.below[:0])
        return self._served(np.where(self.hours.service == service, self.wanted, 0.0), room)

    def of_movers(self, held: Floats) -> Floats:
        """Serve those that move as in the hour in which they demand most, beside what is held."""
        moves = self.moves[self.hours.service]
        wanted = np.where(moves, self.wanted, 0.0)
        row = self._busiest(wanted)
        share = self.hours.share_of_points[row]
        drawn_mw = np.bincount(
            self.host,
            weights=held * share[self.pairs.point] * self.pue[self.host],
            minlength=len(self.hosts),
        ).astype(float)
        room = Room(
            mw=np.minimum(self.mw, self.hours.available_mw[row]),
            pue=self.pue,
            limit_mw=self.hours.limit_mw[row] + self.hours.below @ self.existing_mw,
            below=self.hours.below,
        )
        return self._served(share * wanted, room.less(drawn_mw), wanted)

    def _busiest(self, wanted: Floats) -> int:
        """Give the hour of the greatest demand; of several, that with least power."""
        hours = self.hours
        demand = hours.share_of_points @ wanted
        power = np.minimum(self.mw, hours.available_mw).sum(axis=1)
        return int(np.lexsort((power, -demand.round(6)))[0])

    def _served(self, need: Floats, room: Room, peak: Floats | None = None) -> Floats:
        """Serve needs at least latency, and take what that comes to for the peak."""
        peak = need if peak is None else peak
        mine = np.flatnonzero(peak[self.pairs.point] > 0)
        point = self.pairs.point[mine]
        ways = Ways(
            load=point,
            host=self.host[mine],
            cost=self.pairs.rtt_ms[mine],
            most_mw_it=need[point],
        )
        flow = np.zeros(len(self.pairs.point))
        flow[mine], _ = route(need, ways, room, self.leave_ms)
        flow[flow < _crumb_mw_it(need)[self.pairs.point]] = 0.0
        served = np.bincount(self.pairs.point, weights=flow, minlength=len(need))
        nowhere = np.flatnonzero((peak > 0) & (served == 0))
        flow[self._nearest(nowhere)] = 1.0
        served[nowhere] = 1.0
        scale = np.divide(peak, served, out=np.zeros(len(need)), where=served > 0)
        return flow * scale[self.pairs.point]

    def _nearest(self, points: Ints) -> Ints:
        """Give the pair of each point with its nearest host."""
        at = np.flatnonzero(np.isin(self.pairs.point, points))
        order = at[np.lexsort((self.host[at], self.pairs.rtt_ms[at], self.pairs.point[at]))]
        _, first = np.unique(self.pairs.point[order], return_index=True)
        return order[first]

    def rows(self, flow: Floats) -> pd.DataFrame:
        """Give flows and what is left as rows, by point."""
        left = self.demand - self.wanted
        some, short = np.flatnonzero(flow), np.flatnonzero(left)
        rows = pd.DataFrame(
            {
                "point": np.concatenate([self.pairs.point[some], short]),
                "site": np.concatenate([self.pairs.site[some], np.full(len(short), -1)]),
                "mw_it": np.concatenate([flow[some], left[short]]),
                "rtt_ms": np.concatenate([self.pairs.rtt_ms[some], np.full(len(short), np.nan)]),
            }
        )
        return rows.sort_values(["point", "rtt_ms", "site"], ignore_index=True)


def _crumb_mw_it(mw_it: Floats) -> Floats:
    return np.minimum(WATT_MW, _CRUMB_SHARE * mw_it)

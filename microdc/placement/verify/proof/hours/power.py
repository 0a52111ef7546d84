"""What everyone may draw in each hour, and what the limits above cost then."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from microdc.placement.verify.document import DOCUMENT, LimitPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.hours.hourly import Hourly
from microdc.placement.verify.hours.terms import connectable_mw


class Power:
    """What there is in each hour of the year, and its price, at and above each host."""

    def __init__(self, facts: Facts, hourly: Hourly, prices: LimitPrices) -> None:
        self._facts, self._year = facts, hourly.year
        rows = facts.substations
        self._existing_mw = dict(zip(map(str, rows.index), rows["existing_mw"], strict=True))
        self._below_mw = defaultdict[str, float](float)
        for site, mw in self._existing_mw.items():
            for node in self._path(site):
                self._below_mw[node] += mw
        self._price: dict[str, Floats] = {}
        for node, by_time in prices.nodes_by_hour_mn_per_mw_yr.items():
            self._price[node] = np.zeros(len(self._year.times))
            self._price[node][[self._year.row[time] for time in by_time]] = [*by_time.values()]

    def _path(self, host: str) -> tuple[str, ...]:
        """List what limits a host: itself and all above it; of a hub, nothing."""
        above = self._facts.above.get(host)
        return () if above is None else (host, *above)

    def available_mw(self, host: str) -> Floats:
        """
        Give the most that a host may draw in each hour by itself (MW); infinity without a limit.

        Headroom is for growth. What exists elsewhere below a limit may draw less and leave more.
        """
        available_mw = np.full(len(self._year.times), np.inf)
        for node in self._path(host):
            room_mw = self._year.headroom_mw(node) + self._below_mw[node]
            available_mw = np.fmin(available_mw, room_mw)
        return available_mw

    def mn_per_mw_yr(self, host: str) -> Floats:
        """Give what a MW drawn in each hour costs a host (millions a year), limit upon limit."""
        prices = (self._price[node] for node in self._path(host) if node in self._price)
        return sum(prices, start=np.zeros(len(self._year.times)))

    def credit_mn_yr(self, host: str) -> float:
        """Give what a host gets back for what exists: limits are on what is drawn beyond that."""
        credit_mn_yr: float = self._existing_mw.get(host, 0.0) * self.mn_per_mw_yr(host).sum()
        return credit_mn_yr

    def worth_mn_yr(self) -> Iterator[float]:
        """
        Give what each limit is worth (millions a year): the price of each hour, times what it has.

        More than may be connected below a limit is never drawn there.
        """
        connected_mw = connectable_mw(self._facts, self._price)
        for node, price in self._price.items():
            least_mw = np.minimum(self._year.headroom_mw(node), connected_mw[node])
            yield from (price * least_mw)[price > 0]


def odd_limits_by_hour(facts: Facts, prices: LimitPrices) -> Iterator[str]:
    """Name each price of a limit that there is not, or of an hour that is not used, or none."""
    known, hourly = facts.substations.index, facts.hourly
    used = set() if hourly is None else set(hourly.hours["time"])
    for node, by_time in prices.nodes_by_hour_mn_per_mw_yr.items():
        if node not in known or hourly is None or np.isnan(hourly.year.headroom_mw(node)).any():
            yield f"{DOCUMENT}: prices: {node} is no limit of the power tree"
        for time, mn in by_time.items():
            if time not in used:
                yield f"{DOCUMENT}: prices: {node}: {time} is no hour that the plan uses"
            if mn < 0:
                yield f"{DOCUMENT}: prices: {node} has the price {mn} in {time}"

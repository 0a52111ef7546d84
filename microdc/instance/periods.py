"""
Hours that must be looked at together, and what is wanted in them.

Where nothing waits, each hour stands for itself. Where some service defers, load moves between the
hours of a day, and the whole day is one period.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from microdc.instance.hours import Hours
from microdc.instance.reach import Floats, Ints, Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """
    One hour, or the hours of a day, and all that services which move want in it.

    A want is the demand of a point in one hour, or the part of it that waits or that does not:
    `share` of the peak of `point`, to be served in the hours `first` to `last`.
    """

    hours: Ints
    """Rows of `Hours.what`, one after another."""
    point: Ints
    share: Floats
    first: Ints
    """Place in `hours` of the first hour in which the want may be served; so `last`."""
    last: Ints

    def reach(self, reach: Reach, sites: int) -> Reach:
        """Give who may serve whom when: site i in hour h of the period is `h * sites + i`."""
        if len(self.hours) == 1:
            return reach.keep(self.point)
        lasts = self.last - self.first + 1
        want = np.repeat(np.arange(len(self.point)), lasts)
        hour = np.arange(len(want)) - np.repeat(np.cumsum(lasts) - lasts - self.first, lasts)
        owner, at = reach.of(self.point[want])
        supplier = reach.site[at] + (hour * sites)[owner]
        pairs = lasts * reach.sites_per_point[self.point]
        return Reach(start=np.concatenate([[0], np.cumsum(pairs)]), site=supplier.astype(np.int32))


def periods_of(hours: Hours) -> Iterator[Period]:
    """Give the periods in which services that move want something."""
    services, share = hours.services, hours.share * hours.services["moves"].to_numpy()
    waits = services["deferred_share"].to_numpy() * (services["defer_h"].to_numpy() > 0)
    if not (waits * share.max(axis=0, initial=0.0)).any():
        for hour in range(len(share)):
            yield _of_hours(hours, np.array([hour]), share, waits)
        return
    day = hours.what["day"].to_numpy()
    edges = [0, *(1 + np.flatnonzero(np.diff(day))), len(day)]
    for begin, end in pairwise(edges):
        yield _of_hours(hours, np.arange(begin, end), share, waits)


def _of_hours(hours: Hours, rows: Ints, share: Floats, waits: Floats) -> Period:
    """List what is wanted in some hours: what does not wait, then what does."""
    defer_h = hours.services["defer_h"].to_numpy()[hours.service]
    last_row = len(rows) - 1
    points = np.arange(len(hours.service))
    parts = []
    for at, row in enumerate(rows):
        wanted, end = share[row][hours.service], np.minimum(at + defer_h, last_row)
        part = np.where(end > at, waits[hours.service], 0.0)  # at the end of its day none can wait
        now, later = wanted * (1 - part), wanted * part
        for amount, last in ((now, np.full(len(points), at)), (later, end)):
            some = np.flatnonzero(amount > 0)
            parts.append((points[some], amount[some], np.full(len(some), at), last[some]))
    point, amount, first, last = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Period(hours=rows, point=point, share=amount, first=first, last=last)

"""
The hours in which demand must be served: what it is then, and what there is to serve it with.

A plan leaves `v` of a demand point's peak `d` unserved, all the year. Of what it does serve, in
every hour the share that the point's service demands then is served: `share * (d - v)`.
"""

from dataclasses import dataclass, replace

import pandas as pd
from scipy.sparse import csr_array

from microdc.instance.reach import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """
    What each hour demands, and the power that there is in it.

    what
        One row per hour, in order of time: `time` (UTC, start of the hour, ISO 8601), `day`
        (number; the hours of a day are consecutive), `weight_h` (hours of a year it stands for).
    available_mw
        What each site may draw in each hour by its own headroom, what exists included (grid
        side); hours x sites. A site that is not built draws nothing.
    limits, limit_mw, below
        Limits of the power tree that sites below could exceed together in some hour: their ids,
        what each has to spare for growth in each hour (hours x limits), and the sites below each
        as ones in a matrix, limits x sites.
    services
        One row per service, indexed by id: `moves` (its load may be served from elsewhere each
        hour; if not, each place is served from the same sites in the same shares all year),
        `deferred_share` of the load of each hour that may wait, and for how many hours at most,
        `defer_h`, within its day.
    share
        Of its peak, what each service demands in each hour, 0 to 1; hours x services.
    service
        Row of `services` of each demand point; shape (points,).
    """

    what: pd.DataFrame
    available_mw: Floats
    limits: pd.Index
    limit_mw: Floats
    below: csr_array
    services: pd.DataFrame
    share: Floats
    service: Ints

    @property
    def share_of_points(self) -> Floats:
        """Of its peak, what each point demands in each hour; hours x points."""
        return self.share[:, self.service]

    @property
    def unshared(self) -> "Hours":
        """The same, as though sites shared no limit and every service moved."""
        none = csr_array((0, self.below.shape[1]))
        limits, limit_mw = self.limits[:0], self.limit_mw[:, :0]
        moving = self.services.assign(moves=True)
        return replace(self, limits=limits, limit_mw=limit_mw, below=none, services=moving)

    def with_sites(self, sites: Ints) -> "Hours":
        """Give the hours of some of the sites alone."""
        below = csr_array(self.below[:, sites])
        return replace(self, available_mw=self.available_mw[:, sites], below=below)

    def with_points(self, points: Ints) -> "Hours":
        """Give the hours of some of the demand points alone."""
        return replace(self, service=self.service[points])

"""What may be out, and what is kept when it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance.reach import Floats, Ints, Reach
from microdc.instance.rows import columns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One situation in which the fleet must carry its load: everything in order, or an outage."""

    reach: Reach
    """Who may serve whom."""
    out: Ints
    """Rows of the sites that are out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """
    What may be out, and what is kept when it is.

    A plan that leaves `v` of a point's demand `d` unserved serves `d - v`; in every outage it must
    still serve `kept * (d - v)` of it.

    what
        One row per outage, numbered: `kind` (site, node or zone) and `id`.
    sites
        The sites that each takes out, as ones in a matrix, outages x sites; no two rows are alike,
        and none is part of another.
    reach
        Who may serve whom in an outage; where bounds relax, more than in order.
    kept
        Share of each point's service that is kept, from 0 (no promise) to 1; shape (points,).
    at_once
        1, or 2 where any two of them may happen together.
    """

    what: pd.DataFrame
    sites: csr_array
    reach: Reach
    kept: Floats
    at_once: int = 1

    def state(self, *rows: int) -> State:
        """Give the state in which some of the outages happen together; of none, all is there."""
        out = [self.sites.indices[slice(*self.sites.indptr[row : row + 2])] for row in rows]
        together = np.unique(np.concatenate([np.empty(0, np.int64), *out])).astype(np.int64)
        return State(reach=self.reach, out=together)

    def states(self) -> Iterator[State]:
        """Give every state that a plan must survive; of pairs there are many."""
        for rows in combinations(range(self.sites.shape[0]), min(self.at_once, len(self.what))):
            yield self.state(*rows)

    def with_sites(self, sites: Ints, reach: Reach) -> "Outages":
        """Give the outages among some of the sites alone, which reach and are reached as told."""
        return replace(self, sites=columns_of(self.sites, sites), reach=reach)

    def with_points(self, points: Ints, reach: Reach) -> "Outages":
        """Give the outages with some of the demand points alone, which are reached as told."""
        return replace(self, reach=reach, kept=self.kept[points])

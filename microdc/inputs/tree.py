"""The power tree: who feeds whom, told by ids or unique names, any number of levels deep."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NONE = -1
"""No parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents:
    """What the `parent` column of all tables together says; rows are told by position."""

    of: Ints
    """Position of each row's parent; NONE where there is none or it is not clear."""
    unknown: Ints
    """Rows whose parent is in no table."""
    ambiguous: Ints
    """Rows whose parent could be one of several rows."""


def find_parents(rows: pd.DataFrame) -> Parents:
    """
    Find each row's parent: by id, else by name in the same source, else by name in any.

    `rows` holds `id`, `name`, `parent` (texts, '' for blank) and `source`. Names match whatever
    their case; one that several rows bear is ambiguous.
    """
    wanted = rows["parent"]
    named = wanted.str.casefold().str.strip()
    own_name = rows["name"].str.casefold().str.strip()
    source = rows["source"].astype(str) + "\n"
    ways = [
        (rows["id"], wanted),
        (source + own_name, source + named),
        (own_name, named),
    ]
    of = np.full(len(rows), NONE)
    ambiguous = np.zeros(len(rows), bool)
    open_ = (wanted != "").to_numpy(copy=True)
    for known, asked in ways:
        at, several = _matched(known, asked)
        ambiguous |= open_ & several
        open_ &= ~several
        of = np.where(open_ & (at != NONE), at, of)
        open_ &= at == NONE
    return Parents(of=of, unknown=np.flatnonzero(open_), ambiguous=np.flatnonzero(ambiguous))


def _matched(known: "pd.Series[Any]", asked: "pd.Series[Any]") -> tuple[Ints, Mask]:
    """Find where each text asked for stands among the known ones, and which stand there twice."""
    codes, uniques = pd.factorize(known.to_numpy(object))
    first = np.full(len(uniques), NONE)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    twice = np.bincount(codes, minlength=len(uniques)) > 1
    at = pd.Index(uniques).get_indexer(asked.to_numpy(object))
    found = at >= 0
    if not len(uniques):
        return np.full(len(asked), NONE), found
    return np.where(found, first[at], NONE), found & twice[at]


def with_ancestors(start: Mask, parent: Ints) -> Mask:
    """Give the rows of `start` and all that stand above them."""
    reached = start.copy()
    frontier = np.flatnonzero(start)
    while len(frontier):
        above = np.unique(parent[frontier])
        frontier = above[above != NONE]
        frontier = frontier[~reached[frontier]]
        reached[frontier] = True
    return reached


def least_at_and_above(limit: Floats, parent: Ints) -> Floats:
    """Give the least limit at and above each row; NaN where there is none. Cycles do no harm."""
    least, up = limit.copy(), parent.copy()
    for _ in range(len(parent).bit_length()):  # after n rounds 2^n - 1 rows above are in
        known = up != NONE
        least[known] = np.fmin(least[known], least[up[known]])
        up[known] = up[up[known]]
    return least


def cycles(parent: Ints) -> list[list[int]]:
    """List every cycle, each from its first row upwards; a row that feeds itself is one."""
    # After as many steps upwards as there are rows, only cycles are left standing.
    jump = parent.copy()
    for _ in range(len(parent).bit_length()):
        jump = np.where(jump == NONE, NONE, jump[jump])
    left = set(jump[jump != NONE].tolist())
    found = []
    while left:
        member = min(left)
        cycle = [member]
        while (member := int(parent[member])) != cycle[0]:
            cycle.append(member)
        found.append(cycle)
        left -= set(cycle)
    return found

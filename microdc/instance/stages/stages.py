"""How the sites of one stage of a programme become those of the next."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Budget(NamedTuple):
    """The most capital (millions) of all that stands at some rows."""

    rows: Ints
    most_mn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """
    Which rows of `Instance.sites` are one site in several stages, and what each stage may spend.

    site
        Number of the site that each row is: the same in every stage; shape (rows,).
    of
        Number of the stage of each row, from 0; shape (rows,).
    budget_mn
        Most capital of all that stands in a stage (millions), what was built before included;
        infinite: no limit; shape (stages,).
    before
        Number of the stage that each comes after, which is less than its own; -1: after none. Where
        several come after one, they are of different futures; shape (stages,).
    """

    site: Ints
    of: Ints
    budget_mn: Floats
    before: Ints

    @property
    def kept(self) -> Ints:
        """A site, and the same one in a stage right after, row by row; shape (pairs, 2)."""
        row = np.full((len(self.before), self.site.max(initial=-1) + 1), -1)
        row[self.of, self.site] = np.arange(len(self.site))
        after = np.flatnonzero(self.before >= 0)
        pairs = np.stack([row[self.before[after]], row[after]], axis=-1).reshape(-1, 2)
        kept: Ints = pairs[(pairs >= 0).all(axis=1)]
        return kept

    def with_sites(self, rows: Ints) -> "Stages":
        """Give the stages of some rows alone."""
        return replace(self, site=self.site[rows], of=self.of[rows])

    def together(self, rows: Ints) -> Ints:
        """Give the rows that are the same sites as some rows in any stage; ascending."""
        return np.flatnonzero(np.isin(self.site, self.site[rows]))

    @property
    def budgets(self) -> dict[int, "Budget"]:
        """What the stages may spend that have a limit, by number."""
        limited = [t for t in sorted(set(self.of.tolist())) if np.isfinite(self.budget_mn[t])]
        return {
            t: Budget(rows=np.flatnonzero(self.of == t), most_mn=float(self.budget_mn[t]))
            for t in limited
        }

"""The relaxation in the making: the planner's rows, and those of sets of demand points."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from microdc.instance import Floats
from microdc.model.build import StandardForm
from microdc.oracles.base import Cut, Situation
from microdc.solve.forms import relaxed, with_rows
from microdc.solve.highs import Answer, Method, Program

_SLACK_SHARE = 1e-3
"""Cuts with more to spare than this share of their demand hold nothing up: they are dropped."""

_MANY = 1_000  # rows, for which no basis is near
_OFTEN = 8  # a set whose row has been written anew so often is written in full

Write = Callable[[list[Cut]], tuple[csr_array, Floats]]
"""Writes cuts as rows over the columns, and what each needs at least (MW IT)."""

Start = Callable[[StandardForm], Program]
"""Hands a program to the solver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row after the planner's: a cut, a set in full, or how much a site gives to such a set."""

    cut: Cut
    kind: Literal["cut", "in full", "gives"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gifts:
    """A set in full: what sites give to it, under the two terms of each, and what is left to do."""

    rest: csr_array
    """What the other sites give by their size, and what stays unserved; one row."""
    terms: csr_array
    """The demand in reach of each site, if built; then the size of each."""
    need_mw_it: float

    @property
    def count(self) -> int:
        """Number of sites that have a column."""
        return int(self.terms.shape[0]) // 2

    def rows(self, before: int) -> tuple[csr_array, Floats]:
        """Write all rows over the model's columns, so many others, and those of the gifts."""
        gap = csr_array((2 * self.count, before))
        given = eye_array(self.count, format="csr")
        parts = hstack([self.terms, gap, -vstack([given, given])])
        whole = hstack([self.rest, csr_array((1, before)), np.ones((1, self.count))])
        lower = np.zeros(2 * self.count + 1)
        lower[-1] = self.need_mw_it
        return csr_array(vstack([parts, whole])), lower

    def given_mw_it(self, values: Floats) -> Floats:
        """Give what each site gives at a point of the model."""
        by_reach, by_size = np.split(self.terms @ values, 2)
        given: Floats = np.clip(np.minimum(by_reach, by_size), 0.0, self.need_mw_it)
        return given


def _one(cut: Cut, k: int) -> Cut:
    """Give a row with one of its sites alone."""
    some = slice(k, k + 1)
    return replace(
        cut,
        sites=cut.sites[some],
        power=cut.power[some],
        per_site=cut.per_site[some],
        per_mw=cut.per_mw[some],
    )


class Relaxation:
    """
    A linear program to which rows are added, and from which those are dropped that hold nothing up.

    `most_mw` is the most of each power, as `Sizes.power_mw` lists them.

    A cut is one linear row under a sum of minima: for each site in reach the smaller of its size
    and the demand in its reach, if built. Where one set needs many such rows, a column for what
    each site gives, below both, says them all at once.
    """

    def __init__(self, form: StandardForm, most_mw: Floats, write: Write, run: Start) -> None:
        self._program = run(relaxed(form))
        self._most_mw = most_mw
        self._columns = self._all_columns = len(form.cost)
        self._planners = len(form.row_lower)
        self._write = write
        self._known: set[int] = set()
        self._kept: set[int] = set()
        self._method: Method = "choose"
        self._written: dict[tuple[bytes, Situation], int] = {}
        self._gifts: list[Gifts] = []
        self.rows: list[Row] = []

    @property
    def cuts(self) -> list[Cut]:
        """The cuts in force."""
        return [row.cut for row in self.rows if row.kind == "cut"]

    @property
    def found(self) -> list[Cut]:
        """The cuts in force but for those kept for good."""
        return [cut for cut in self.cuts if cut.key not in self._kept]

    @property
    def in_full(self) -> list[Cut]:
        """A cut of each set that is written in full."""
        return [row.cut for row in self.rows if row.kind == "in full"]

    def run(self) -> Answer:
        """Solve; values are those of the model's own columns."""
        answer = self._program.run(method=self._method)
        self._method = "choose"
        return replace(answer, values=answer.values[: self._columns])

    def add(self, cuts: list[Cut]) -> int:
        """Take cuts into force; say how many were not."""
        found = {cut.key: cut for cut in cuts}
        new = [cut for key, cut in found.items() if key not in self._known]
        if new:
            self._known |= {cut.key for cut in new}
            self._append([Row(cut=cut, kind="cut") for cut in new], *self._write(new))
        for cut in new:
            often = self._written[cut.set] = self._written.get(cut.set, 0) + 1
            if often == _OFTEN and cut.counts_power:
                self.write_in_full(cut)
        return len(new)

    def keep(self, cuts: list[Cut]) -> None:
        """Take cuts into force for good; many at once are met far sooner from the interior."""
        self._kept |= {cut.key for cut in cuts}
        self._method = "ipm" if self.add(cuts) > _MANY else self._method

    def drop_slack(self, values: Floats) -> None:
        """Drop the cuts that have something to spare at a point, but for those kept for good."""
        cuts = [(k, row.cut) for k, row in enumerate(self.rows) if row.kind == "cut"]
        at = np.array([k for k, cut in cuts if cut.key not in self._kept], dtype=np.int64)
        rows, need = self._write(self.found)
        slack = at[rows @ values - need > _SLACK_SHARE * need]
        if len(slack):
            self._program.delete_rows(self._planners + slack)
            gone = set(slack.tolist())
            self.rows = [row for k, row in enumerate(self.rows) if k not in gone]
            self._known = {cut.key for cut in self.cuts}

    def write_in_full(self, cut: Cut) -> None:
        """Let columns say what sites give to a set: no more than either term allows."""
        self._written[cut.set] = _OFTEN
        gifts = self._gifts_of(cut)
        self._gifts.append(gifts)
        count, before = gifts.count, self._all_columns - self._columns
        none = csc_array((self._planners + len(self.rows), count))
        self._program.add_columns(np.zeros(count), none, np.full(count, cut.need_mw_it))
        self._all_columns += count
        parts = [Row(cut=cut, kind="gives") for _ in range(2 * count)]
        whole = [Row(cut=cut, kind="in full")]
        self._append([*parts, *whole], *gifts.rows(before))

    def _gifts_of(self, cut: Cut) -> "Gifts":
        """Write the set of a cut in full."""
        most_mw_it = cut.mw_it_per_mw * self._most_mw[cut.power]
        own = cut.within_mw_it >= most_mw_it  # give as they are large
        rest = replace(
            cut, per_site=np.zeros(len(own)), per_mw=np.where(own, cut.mw_it_per_mw, 0.0)
        )
        sites, power, none = cut.sites[~own], cut.power[~own], np.zeros((~own).sum())
        nobody = replace(cut, points=cut.points[:0], share=cut.share[:0], sites=sites, power=power)
        by_reach = replace(nobody, per_site=cut.within_mw_it[~own], per_mw=none)
        by_size = replace(nobody, per_site=none, per_mw=cut.mw_it_per_mw[~own])
        rows, _ = self._write([rest, *(_one(term, k) for term in (by_reach, by_size)
                                       for k in range(len(sites)))])  # fmt: skip
        return Gifts(rest=csr_array(rows[:1]), terms=csr_array(rows[1:]), need_mw_it=cut.need_mw_it)

    @property
    def width_of_gifts_mw_it(self) -> float:
        """How far apart the bounds of all columns of gifts are, together."""
        return sum(gifts.count * gifts.need_mw_it for gifts in self._gifts)

    def with_sets_in_full(self, form: StandardForm) -> StandardForm:
        """Give a program over the model's columns the sets that are written in full as well."""
        for gifts in self._gifts:
            rows, lower = gifts.rows(len(form.cost) - self._columns)
            wider = csr_array((form.rows.data, form.rows.indices, form.rows.indptr),
                              shape=(form.rows.shape[0], rows.shape[1]))  # fmt: skip
            none = np.zeros(gifts.count)
            form = replace(
                form,
                cost=np.concatenate([form.cost, none]),
                lower=np.concatenate([form.lower, none]),
                upper=np.concatenate([form.upper, none + gifts.need_mw_it]),
                integer=np.concatenate([form.integer, none.astype(bool)]),
                rows=wider,
            )
            form = with_rows(form, rows, lower)
        return form

    def given(self, values: Floats) -> Floats:
        """Extend a point of the model by what sites give to the sets that are written in full."""
        return np.concatenate([values, *(gifts.given_mw_it(values) for gifts in self._gifts)])

    def _append(self, rows: list[Row], matrix: csr_array, lower: Floats) -> None:
        self._program.add_rows(matrix, lower)
        self.rows += rows

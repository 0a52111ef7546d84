"""The model as the cutting loop uses it: fixed columns, a growing pool of rows."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array, vstack

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm, build, compile_model
from microdc.oracles.base import TOLERANCE_MW_IT, Cut, Sizes
from microdc.solve.highs import Clock, Options, Program, relaxed, safe_bound, with_rows

_SLACK_SHARE = 1e-3
"""Cuts with more to spare than this share of their demand are left out of integer programs."""


class Master:
    """
    Sites, sizes and unserved demand, with every cut found so far.

    Columns: z (sites), x (sites), V (groups), then the numbers of modules.
    """

    def __init__(self, instance: Instance, options: Options, clock: Clock) -> None:
        self.form: StandardForm = compile_model(build(instance))
        self.sites = len(instance.sites)
        self.groups = len(instance.groups)
        self.options = options
        self.clock = clock
        self.relaxation = Program(relaxed(self.form), options, clock)
        self._row_of: dict[int, int] = {}
        self._awake: list[bool] = []
        self._rows = csr_array((0, len(self.form.cost)))
        self._need: Floats = np.empty(0)

    @property
    def cuts(self) -> int:
        """Number of cuts in the pool."""
        return len(self._row_of)

    def add(self, cuts: Iterable[Cut]) -> int:
        """Take cuts into the pool and the relaxation; say how many were new, or asleep."""
        found = {cut.key: cut for cut in cuts}
        new = [cut for key, cut in found.items() if key not in self._row_of]
        asleep = [self._row_of[key] for key in found if key in self._row_of]
        woken = [row for row in asleep if not self._awake[row]]
        for row in woken:
            self._awake[row] = True
        if new:
            rows, need = self.rows_of(new)
            first = len(self._row_of)
            self._row_of |= {cut.key: first + k for k, cut in enumerate(new)}
            self._awake += [True] * len(new)
            self._rows = csr_array(vstack([self._rows, rows]))
            self._need = np.concatenate([self._need, need])
            self.relaxation.add_rows(rows, need)
        return len(new) + len(woken)

    def rest(self, values: Floats) -> None:
        """Put to sleep the cuts that are slack at a point: integer programs do without them."""
        slack = self._rows @ values - self._need
        self._awake = (slack <= _SLACK_SHARE * self._need).tolist()

    def wake(self, values: Floats) -> int:
        """Wake the sleeping cuts that a point violates; say how many."""
        short = self._need - self._rows @ values > TOLERANCE_MW_IT
        woken = short & ~np.array(self._awake, dtype=bool)
        self._awake = (short | np.array(self._awake, dtype=bool)).tolist()
        return int(woken.sum())

    def rows_of(self, cuts: list[Cut]) -> tuple[csr_array, Floats]:
        """Write cuts as rows over the columns, and what each needs at least (MW IT)."""
        column = [
            np.concatenate([cut.sites, self.sites + cut.sites, 2 * self.sites + cut.groups])
            for cut in cuts
        ]
        value = [
            np.concatenate([cut.per_site, cut.per_mw, np.ones(len(cut.groups))]) for cut in cuts
        ]
        start = np.concatenate([[0], np.cumsum([len(c) for c in column])])
        shape = (len(cuts), len(self.form.cost))
        rows = csr_array((np.concatenate(value), np.concatenate(column), start), shape=shape)
        rows.eliminate_zeros()
        return rows, np.array([cut.need_mw_it for cut in cuts])

    def integer(self, allowed: Ints, options: Options) -> Program:
        """Give the integer program in which only `allowed` sites may be built."""
        awake = np.flatnonzero(self._awake)
        form = with_rows(self.form, csr_array(self._rows[awake]), self._need[awake])
        program = Program(form, options, self.clock)
        shut = np.setdiff1d(np.arange(self.sites), allowed)
        program.bound_columns(shut, np.zeros(len(shut)), np.zeros(len(shut)))
        return program

    def sizes(self, values: Floats) -> Sizes:
        """Read a point of the model out of column values."""
        n = self.sites
        return Sizes(
            built=np.clip(values[:n], 0, 1),
            mw=np.maximum(values[n : 2 * n], 0),
            unserved_mw_it=np.maximum(values[2 * n : 2 * n + self.groups], 0),
        )

    def safe(self, bound: float) -> float:
        """Lower a bound by what the solver's tolerances may have added to it."""
        return safe_bound(bound, self.form)

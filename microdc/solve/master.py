"""The model as the cutting loop uses it: fixed columns, a growing pool of rows."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array, vstack

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm, build, compile_model
from microdc.oracles.base import Cut, Sizes
from microdc.solve.highs import Clock, Options, Program, relaxed, safe_bound, with_rows


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
        self._known: set[int] = set()
        self._rows: list[csr_array] = []
        self._need: list[Floats] = []

    @property
    def cuts(self) -> int:
        """Number of cuts in the pool."""
        return len(self._known)

    def add(self, cuts: Iterable[Cut]) -> int:
        """Add the cuts that are new to the pool and to the relaxation; say how many were."""
        new = {cut.key: cut for cut in cuts if cut.key not in self._known}
        if new:
            rows, need = self.rows_of(list(new.values()))
            self._known |= set(new)
            self._rows.append(rows)
            self._need.append(need)
            self.relaxation.add_rows(rows, need)
        return len(new)

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
        form = self.form
        if self._rows:
            form = with_rows(form, csr_array(vstack(self._rows)), np.concatenate(self._need))
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

"""The one door to HiGHS: arrays in, arrays out, our own clock."""

import signal
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from types import FrameType
from typing import Literal

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from microdc.instance import Floats, Ints
from microdc.model.build import StandardForm
from microdc.solve.forms import of_columns

INTEGRALITY_TOLERANCE = 1e-6


class Clock:
    """What is left of the time limit, and whether the user asked to stop."""

    def __init__(self, limit_s: float, whole: "Clock | None" = None) -> None:
        self._started_s = time.monotonic()
        self._limit_s = limit_s
        self._whole = whole
        self._interrupted = False

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started_s

    @property
    def interrupted(self) -> bool:
        """Whether the user asked for the best plan found so far."""
        return self._interrupted or (self._whole is not None and self._whole.interrupted)

    @property
    def left_s(self) -> float:
        """Seconds left, none after an interrupt."""
        return 0.0 if self.interrupted else max(0.0, self._limit_s - self.seconds)

    @property
    def expired(self) -> bool:
        """Whether it is time to stop."""
        return self.left_s <= 0

    def share(self, part: float) -> "Clock":
        """Give a clock that ends after a part of what is left, or with this one's interrupt."""
        return Clock(part * self.left_s, whole=self)

    def interrupt(self, _signal: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        """Ask for the best plan found so far; fits `signal.signal`."""
        self._interrupted = True


class Status(StrEnum):
    """What HiGHS can say of a run."""

    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A run's result; `values` is empty when no feasible point was found."""

    status: Status
    objective: float = np.inf
    bound: float = -np.inf
    values: Floats
    row_price: Floats
    """Rise of the objective per unit of each row's bound (dual value)."""
    nodes: int = 0

    @property
    def has_values(self) -> bool:
        """Whether a feasible point was found."""
        return bool(np.isfinite(self.objective))


_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.SOLVED,
    highspy.HighsModelStatus.kModelEmpty: Status.SOLVED,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: Status.INFEASIBLE,  # all columns are bounded
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    How HiGHS runs: threads and seed, and when an integer run may stop.

    That is at a relative gap, or at a point with an objective of no more than `good_enough`.
    Many small programs are solved faster without `presolve`.
    """

    threads: int = 2
    seed: int = 0
    gap: float = 0.0
    good_enough: float = -np.inf
    presolve: bool = True


Method = Literal["choose", "ipm"]
"""How a linear program is solved: as HiGHS likes, or from the interior, for many rows at once."""


class Program:
    """
    A linear or integer program held by HiGHS, to which rows can be added.

    Columns that can be nothing but zero are kept from HiGHS; callers need not know.
    """

    def __init__(self, form: StandardForm, options: Options, clock: Clock) -> None:
        self._columns = len(form.cost)
        some = np.flatnonzero((form.lower != 0) | (form.upper != 0))
        self._kept = some if len(some) else np.arange(self._columns)[:1]
        form = of_columns(form, self._kept)
        self._highs = highspy.Highs()
        self._clock = clock
        self._integer = bool(form.integer.any())
        for name, value in {
            "output_flag": False,
            "threads": options.threads,
            "random_seed": options.seed,
            "mip_rel_gap": options.gap,
            "mip_abs_gap": 1e-9,
            "objective_target": options.good_enough,
            "mip_feasibility_tolerance": INTEGRALITY_TOLERANCE,
        }.items():
            self._highs.setOptionValue(name, value)
        if not options.presolve or bool((form.integer & (form.upper > 1)).any()):
            # HiGHS 1.15.1's presolve has called feasible programs with general integers
            # infeasible, and dearer points than the best optimal.
            self._highs.setOptionValue("presolve", "off")
        self._highs.passModel(_model(form))
        self._highs.setCallback(_stop_when_expired, clock)
        for kind in (
            highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
            highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
            highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
        ):
            self._highs.startCallback(kind)

    def add_rows(self, rows: csr_array, lower: Floats) -> None:
        """Add rows `rows @ v >= lower` over all columns, or the first; the basis is kept."""
        if rows.shape[0]:
            shape = (rows.shape[0], self._columns)
            rows = csr_array((rows.data, rows.indices, rows.indptr), shape=shape)
            rows = csr_array(rows[:, self._kept])
            upper = np.full(rows.shape[0], highspy.kHighsInf)
            start, column = rows.indptr.astype(np.int32), rows.indices.astype(np.int32)
            self._highs.addRows(rows.shape[0], lower, upper, rows.nnz, start, column, rows.data)

    def delete_rows(self, rows: Ints) -> None:
        """Delete some rows; the basis is kept."""
        self._highs.deleteRows(len(rows), rows.astype(np.int32))

    def add_columns(self, cost: Floats, columns: csc_array, upper: Floats) -> None:
        """Add continuous columns from 0 to `upper`; the basis is kept."""
        if len(cost):
            start, row = columns.indptr.astype(np.int32), columns.indices.astype(np.int32)
            lower = np.zeros(len(cost))
            self._kept = np.append(self._kept, self._columns + np.arange(len(cost)))
            self._columns += len(cost)
            self._highs.addCols(
                len(cost), cost, lower, upper, columns.nnz, start, row, columns.data
            )

    def start_from(self, values: Floats) -> None:
        """Give the solver a solution to begin with."""
        solution = highspy.HighsSolution()
        solution.col_value = values[self._kept].tolist()
        self._highs.setSolution(solution)

    def start_from_some(self, columns: Ints, values: Floats) -> None:
        """Give the solver values of some columns to begin with; it looks for the others."""
        here = np.isin(columns, self._kept)
        at = np.searchsorted(self._kept, columns[here]).astype(np.int32)
        self._highs.setSolution(len(at), at, values[here].astype(float))

    def run(self, most_s: float = np.inf, *, method: Method = "choose") -> Answer:
        """Solve until done, the clock runs out, or `most_s` seconds have passed."""
        self._highs.setOptionValue("solver", method)
        left_s = min(self._clock.left_s, most_s)
        if left_s <= 0:
            return _nothing(Status.STOPPED)
        # HiGHS keeps one scheduler for all objects and fails where their threads differ.
        highspy.Highs.resetGlobalScheduler(True)
        self._run_for(left_s)
        unknown = self._highs.getModelStatus() == highspy.HighsModelStatus.kUnknown
        if unknown and not self._integer:
            # HiGHS 1.15.1 has come to no answer from the basis of the run before.
            self._highs.clearSolver()
            self._run_for(min(self._clock.left_s, most_s))
        return self._answer()

    def _run_for(self, seconds: float) -> None:
        # HiGHS's clock accumulates over the runs of one object.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.0, seconds))
        self._highs.run()

    def _answer(self) -> Answer:
        said = self._highs.getModelStatus()
        status = _STATUS.get(said, Status.STOPPED)
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        feasible |= said == highspy.HighsModelStatus.kModelEmpty
        if not feasible or (status is Status.STOPPED and not self._integer):
            bound = info.mip_dual_bound if self._integer else -np.inf
            return replace(_nothing(status), bound=bound)
        objective = info.objective_function_value
        values = np.zeros(self._columns)
        values[self._kept] = solution.col_value
        return Answer(
            status=status,
            objective=objective,
            bound=info.mip_dual_bound if self._integer else objective,
            values=values,
            row_price=np.array(solution.row_dual),
            nodes=max(0, info.mip_node_count),
        )


def _stop_when_expired(
    kind: object, message: str, out: object, back: highspy.cb.HighsCallbackInput, clock: Clock
) -> None:
    """Run inside HiGHS now and then; Python's own signal handlers get their turn here."""
    if clock.expired:
        back.user_interrupt = True


def _nothing(status: Status) -> Answer:
    none = np.empty(0)
    return Answer(status=status, values=none, row_price=none)


def _model(form: StandardForm) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = form.rows.shape
    lp.col_cost_, lp.offset_ = form.cost, form.offset
    lp.col_lower_, lp.col_upper_ = form.lower, form.upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = form.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = form.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = form.rows.data
    if form.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in form.integer]
    return lp


def safe_bound(bound: float, form: StandardForm, others: float = 0.0) -> float:
    """
    Lower a bound by what the solver's tolerances may have added to it.

    `others` is how wide the columns beside those of the form are together.

    HiGHS keeps rows and reduced costs to 1e-7 each and calls 1e-6 relative optimal; every column
    must be bounded.
    """
    width = float(np.sum(form.upper - form.lower)) + others
    return bound - 1e-6 * max(1.0, abs(bound)) - 1e-7 * width

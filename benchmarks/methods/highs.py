"""HiGHS, given arrays and watched through its callbacks."""

import time

import highspy
import numpy as np

from benchmarks.methods import Counts, Limits, Watch
from microdc.model.build import StandardForm

_CALLBACKS = (
    highspy.cb.HighsCallbackType.kCallbackMipLogging,
    highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution,
)


def pass_model(form: StandardForm) -> highspy.Highs:
    """Hand a model over as arrays."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = form.rows.shape
    lp.col_cost_, lp.offset_ = form.cost, form.offset
    lp.col_lower_, lp.col_upper_ = form.lower, form.upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = form.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = form.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = form.rows.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in form.integer.astype(int)]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    return highs


def options(limits: Limits, started_s: float) -> dict[str, float | str]:
    """Give HiGHS's options: presolve on, and what is left of the time since `started_s`."""
    return {
        "presolve": "on",
        "threads": limits.threads,
        "random_seed": limits.seed,
        "mip_rel_gap": limits.gap,
        "mip_min_logging_interval": 1.0,
        "time_limit": max(0.0, limits.seconds - (time.monotonic() - started_s)),
    }


def run(highs: highspy.Highs, limits: Limits, watch: Watch, started_s: float) -> Counts:
    """Solve a model that HiGHS holds, telling every incumbent and bound it logs."""
    for name, value in options(limits, started_s).items():
        highs.setOptionValue(name, value)
    highs.setOptionValue("output_flag", False)
    highs.setCallback(_tell, watch)
    for kind in _CALLBACKS:
        highs.startCallback(kind)
    highs.run()
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    watch(info.objective_function_value if found else None, known(info.mip_dual_bound))
    return {
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
        "nodes": max(0, info.mip_node_count),
    }


def known(value: float) -> float | None:
    """Give a cost or bound, or None for the infinity that stands for none."""
    return float(value) if abs(value) < highspy.kHighsInf else None


def _tell(kind: object, message: str, out: object, back: object, watch: Watch) -> None:
    watch(known(out.mip_primal_bound), known(out.mip_dual_bound))  # type: ignore[attr-defined]

"""How long one Pyomo model takes on its way into HiGHS: compiled to arrays, or by `appsi_highs`."""

import time
from collections.abc import Callable
from typing import TypeVar

from pyomo.contrib.appsi.solvers import Highs

from benchmarks.methods import Counts, Limits, Watch
from benchmarks.methods.highs import pass_model
from microdc.instance import Instance
from microdc.model.build import compile_model
from microdc.model.compact import build_compact

T = TypeVar("T")


def measure(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """
    Build the textbook model once, then hand it over both ways; nothing is solved.

    Seconds are the processor's: all of it is one thread that waits for nothing, and what else the
    machine does counts less.
    """
    build_s, model = _timed(lambda: build_compact(instance))
    compile_s, form = _timed(lambda: compile_model(model))
    pass_s, highs = _timed(lambda: pass_model(form))
    appsi_s, _ = _timed(lambda: Highs().set_instance(model))
    return {
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
        "build_s": build_s,
        "compile_s": compile_s,
        "pass_s": pass_s,
        "appsi_s": appsi_s,
    }


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started_s = time.process_time()
    result = work()
    return time.process_time() - started_s, result

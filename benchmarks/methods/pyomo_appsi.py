"""The textbook model in Pyomo, handed to HiGHS by `appsi_highs`."""

import logging
import re
import time

import pyomo.environ as pyo
from pyomo.contrib.appsi.solvers import Highs

from benchmarks.methods import Counts, Limits, Watch
from benchmarks.methods.highs import options
from microdc.instance import Instance
from microdc.model.compact import build_compact

PROGRESS = re.compile(
    r"^\s*[A-Z]?\s+\S+\s+\S+\s+\S+\s+[\d.]+%\s+(?P<bound>\S+)\s+(?P<cost>\S+)\s.*s$"
)
"""A line of HiGHS's search: source, nodes, queue, leaves, explored, bound, cost, and so on."""

REPORT = re.compile(r"^\s*(?P<what>Primal bound|Dual bound|Nodes)\s+(?P<value>\S+)$")
"""A line of HiGHS's closing report."""


def solve(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """Solve microdc's own textbook model, strong linking; progress is read from HiGHS's log."""
    started_s = time.monotonic()
    model = build_compact(instance)
    log = SolverLog(watch)
    solver = Highs()
    solver.config.solver_output_logger = logging.Logger("HiGHS")
    solver.config.solver_output_logger.addHandler(log)
    solver.config.load_solution = False
    solver.highs_options = options(limits, started_s)
    solver.solve(model)
    rows, columns = (model.component_data_objects(kind) for kind in (pyo.Constraint, pyo.Var))
    return {"rows": sum(1 for _ in rows), "columns": sum(1 for _ in columns), "nodes": log.nodes}


class SolverLog(logging.Handler):
    """Turns lines of HiGHS's log into costs and bounds, at the moment they are written."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch
        self.nodes = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Read one line."""
        line = record.getMessage()
        if progress := PROGRESS.match(line):
            self.watch(_number(progress["cost"]), _number(progress["bound"]))
        elif report := REPORT.match(line):
            value = _number(report["value"])
            if report["what"] == "Nodes":
                self.nodes = value or 0.0
            elif report["what"] == "Primal bound":
                self.watch(value, None)
            else:
                self.watch(None, value)


def _number(text: str) -> float | None:
    """Read a number; None for the `inf` or `-` that stands for none."""
    return None if "inf" in text or text == "-" else float(text)

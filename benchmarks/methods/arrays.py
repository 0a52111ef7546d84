"""The textbook model as arrays straight into HiGHS: the least overhead there can be."""

import time

from benchmarks.methods import Counts, Limits, Watch
from benchmarks.methods.highs import pass_model, run
from benchmarks.methods.textbook import Linking, textbook
from microdc.instance import Instance


def weak(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """Solve the textbook model with only capacities linking flows to sites."""
    return _solve(instance, limits, watch, "weak")


def strong(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """Solve the textbook model with y <= d z for every pair as well."""
    return _solve(instance, limits, watch, "strong")


def _solve(instance: Instance, limits: Limits, watch: Watch, linking: Linking) -> Counts:
    started_s = time.monotonic()
    return run(pass_model(textbook(instance, linking)), limits, watch, started_s)

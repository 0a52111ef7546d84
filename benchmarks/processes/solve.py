"""
One method on one instance, in this process.

    python -m benchmarks.processes.solve INSTANCE METHOD TRAIL GAP SECONDS SEED

The instance is loaded before the clock begins; building the model counts.
"""

import pkgutil
import signal
import sys
from pathlib import Path

from benchmarks.instances import load
from benchmarks.methods import Limits
from benchmarks.processes.run import peak_mb
from benchmarks.processes.trail import Recorder

GRACE_S = 30.0
"""Past the limit; then the process is killed, for models are also built by libraries."""


def main(instance_name: str, method: str, trail: Path, limits: Limits) -> None:
    """Solve, and leave a trail."""
    solve = pkgutil.resolve_name(method)
    instance = load(instance_name)
    facts = {
        "sites": len(instance.sites),
        "points": len(instance.points),
        "pairs": instance.reach.pairs,
        "loaded_mb": peak_mb(),
    }
    # Python's own handler would wait until the solver returns; the system's does not.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE_S)
    recorder = Recorder(trail, facts)
    try:
        recorder.end({"counts": solve(instance, limits, recorder.watch)})
    except MemoryError:
        recorder.end({"failed": "out of memory"})


if __name__ == "__main__":
    name, function, path, gap, seconds, seed = sys.argv[1:]
    main(
        name,
        function,
        Path(path),
        Limits(gap=float(gap), seconds=float(seconds), seed=int(seed)),
    )

"""
All that `microdc plan` does, watched.

    python -m benchmarks.processes.plan SCENARIO OUT TRAIL GAP SECONDS STARTED

Reading, search, assignment, verification and writing, but for the terminal; the clock begins at
STARTED (of `time.monotonic`), which is when this process was asked for.
"""

import sys
from pathlib import Path

from benchmarks.processes.trail import Recorder
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario


def main(scenario: Path, out: Path, recorder: Recorder, gap: float, seconds: float) -> None:
    """Plan a scenario, and leave a trail."""
    began_s = recorder.seconds
    clock = Clock(seconds)
    plan_scenario(
        scenario,
        out,
        force=True,
        overrides={"gap": gap, "time_limit_s": seconds},
        watch=lambda mark: recorder.watch(mark.cost, mark.bound),
        clock=clock,
    )
    recorder.end({"counts": {"imports_s": began_s}})


if __name__ == "__main__":
    folder, out_folder, trail, asked_gap, limit_s, started_s = sys.argv[1:]
    main(
        Path(folder),
        Path(out_folder),
        Recorder(Path(trail), {}, started_s=float(started_s)),
        float(asked_gap),
        float(limit_s),
    )

"""
See that a batch of many variants, some broken, gives the answers that single plans give.

    python -m benchmarks.batch.equal [VARIANTS] [BROKEN] [tiny|texas]

Prints what the batch took beside the plans alone, per scenario.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.batch.killed import COMMAND
from benchmarks.batch.variants import CHANGES, write_base, write_variants
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

WORKERS = 2
ROUNDING_MN = 1e-6


def main(variants: int, broken: int, base: str) -> None:
    """Run both; raise AssertionError where they differ, or a broken scenario is not told."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "scenarios"
        write_base(base, folder)
        files = write_variants(folder, variants, CHANGES[base], broken)
        wall_s, told = _batch(folder, Path(place) / "out")
        rows = {row["name"]: row for row in told["results"]}
        assert len(rows) == variants
        alone_s = 0.0
        for file in files:
            row = rows[file.stem]
            if file.stem.startswith("broken"):
                assert row["status"] == "bad input", row
                assert "fault" in row["reason"], row
                print(f"{file.stem}: {row['reason'].splitlines()[1].strip()}", flush=True)
            else:
                alone_s += _same(row, file, Path(place) / "alone" / file.stem)
    planned = variants - broken
    print(f"{planned} plans are those of single runs, {broken} are told with reasons")
    in_workers_s = sum(row["seconds"] for row in rows.values())
    print(
        f"wall {wall_s:.1f} s with {WORKERS} workers; plans {in_workers_s:.1f} s in the workers; "
        f"single plans, verified and written, {alone_s:.1f} s in one process: "
        f"{(wall_s * WORKERS - alone_s) / variants:+.3f} s a scenario beyond those",
        flush=True,
    )


def _batch(folder: Path, out: Path) -> tuple[float, dict[str, Any]]:
    command = [*COMMAND, str(folder), "--out", str(out), "--workers", str(WORKERS), "--json"]
    started_s = time.monotonic()
    ended = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert ended.returncode in (0, 8), ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return time.monotonic() - started_s, told


def _same(row: dict[str, Any], file: Path, out: Path) -> float:
    """Plan a scenario alone, compare, and give the seconds that it took."""
    started_s = time.monotonic()
    plan = plan_scenario(
        file,
        out,
        force=False,
        overrides={"threads": 1},
        watch=lambda mark: None,
        clock=Clock(float("inf")),
    ).plan
    seconds = time.monotonic() - started_s
    figures, alone = row["figures"], plan.certificate
    assert row["status"] == "planned", row
    assert figures["gap"] <= alone.asked_gap
    assert figures["bound"] <= alone.cost_mn_yr + ROUNDING_MN, row["name"]
    assert alone.bound_mn_yr <= figures["cost"] + ROUNDING_MN, row["name"]
    apart = abs(figures["cost"] - alone.cost_mn_yr)
    assert apart <= alone.asked_gap * alone.cost_mn_yr + ROUNDING_MN, row["name"]
    return seconds


if __name__ == "__main__":
    count, faulty, *named = [*sys.argv[1:], *("200", "10", "texas")[len(sys.argv) - 1 :]]
    main(int(count), int(faulty), named[0])

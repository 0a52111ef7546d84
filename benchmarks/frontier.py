"""
What reuse saves: a frontier whose searches learn from one another, and every place alone.

`python -m benchmarks.frontier scenarios/texas rtt 8 0.002 -1 2` plans the points in both ways,
under the same settings, in turn (3 times unless a last number says otherwise), and prints for every
place the seconds and the rounds of its search, and the sums.
"""

import sys
from dataclasses import replace
from pathlib import Path

from microdc.solve.highs import Clock
from microdc.studies.frontier.run import Asked, Frontier, frontier_of


def main(path: str, along: str, points: str, gap: str, *rest: str) -> None:
    """Print status, seconds and rounds of every point in both ways, and the ratio of the sums."""
    first, last = (float(x) for x in rest[:2]) if len(rest) > 1 else (None, None)
    asked = Asked(along=along, points=int(points), first=first, last=last)
    for _ in range(int(rest[2]) if len(rest) > 2 else 3):
        alone = _told("each alone", _run(path, asked, gap, reuse=False))
        reused = _told("with reuse", _run(path, asked, gap, reuse=True))
        print(f"seconds {reused[0] / alone[0]:.0%}, rounds {reused[1] / alone[1]:.0%}", flush=True)


def _run(path: str, asked: Asked, gap: str, *, reuse: bool) -> Frontier:
    overrides: dict[str, object] = {"gap": float(gap)}
    wanted = replace(asked, reuse=reuse)
    return frontier_of(Path(path), wanted, overrides, lambda _: None, Clock(float("inf")))


def _told(title: str, frontier: Frontier) -> tuple[float, int]:
    """Print a frontier; give the seconds and the rounds of all its searches."""
    print(title)
    for point in frontier.points:
        spent = f"{point.seconds:7.2f} s {point.rounds:4} rounds"
        print(f"  {point.says:>14}  {point.status:16} {point.cost} >= {point.bound:.4f} {spent}")
    seconds = sum(point.seconds for point in frontier.points)
    rounds = sum(point.rounds for point in frontier.points)
    print(f"  in all {seconds:.1f} s, {rounds} rounds", flush=True)
    return seconds, rounds


if __name__ == "__main__":
    main(*sys.argv[1:])

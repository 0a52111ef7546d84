"""
What beginning each point of a frontier with the last one's knowledge saves.

`python -m benchmarks.frontier scenarios/texas rtt 8 0.005` plans the points twice, each time with
and without, and prints the seconds of every search.
"""

import sys
from pathlib import Path

from microdc.solve.highs import Clock
from microdc.studies.frontier.run import Asked, frontier_of


def main(path: str, along: str, points: str, gap: str) -> None:
    """Print status and seconds of every point, and the sums."""
    for reuse in (True, False):
        asked = Asked(along=along, points=int(points), reuse=reuse)
        overrides: dict[str, object] = {"gap": float(gap)}
        found = frontier_of(Path(path), asked, overrides, lambda _: None, Clock(float("inf")))
        print("with what is known" if reuse else "each on its own")
        for point in found.points:
            print(f"  {point.says:>14}  {point.status:16} {point.cost} {point.seconds:7.2f} s")
        print(f"  in all {sum(point.seconds for point in found.points):.1f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

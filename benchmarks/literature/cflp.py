"""
Capacitated facility location, by microdc and by HiGHS on the two textbook models.

`python -m benchmarks.literature 300 10 0` draws 300 sites and 300 points whose demand the sites
could serve 10 times, from seed 0, as Cornuéjols, Sridharan and Thizy do, and solves it by each, one
after the other and in a process of its own, to 0.1 % or for 600 seconds unless two more numbers say
otherwise: `300 10 0 60 0.0001`. Prints seconds (building included), cost, proven bound, gap, nodes
of the search tree, and pairs of a site and a point in the last model solved.
"""

from benchmarks.literature.drawn import Capacitated, capacitated
from benchmarks.literature.instances import capacitated_instance
from benchmarks.literature.textbook import Links, textbook
from benchmarks.literature.told import HEADING, Told, alone, ours
from benchmarks.methods import Limits
from microdc.solve.outcome import Settings

THREADS = 2


def main(size: str, ratio: str, seed: str, limit_s: str = "600", gap: str = "0.001") -> None:
    """Print a line for each method."""
    problem = capacitated(int(size), int(size), float(ratio), int(seed))
    limits = Limits(seconds=float(limit_s), gap=float(gap), threads=THREADS)
    print(HEADING)
    print(alone(by_microdc, problem, limits), flush=True)
    links: tuple[Links, ...] = ("strong", "aggregated")
    for one in links:
        print(alone(textbook, problem, one, limits), flush=True)


def by_microdc(problem: Capacitated, limits: Limits) -> Told:
    """Solve by microdc, as the command does."""
    settings = Settings(gap=limits.gap, threads=limits.threads, seed=limits.seed)
    return ours(capacitated_instance(problem), settings, limits.seconds)

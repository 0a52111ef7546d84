"""What a programme comes to over its futures: what is expected, the tail, the worst, the regret."""

from collections.abc import Sequence

from microdc.placement.stages.futures import InFuture

REGRET = "worst-regret"


def comes_to_mn(risk: str, level: float | None, futures: Sequence[InFuture]) -> float:
    """
    Give what costs in several futures come to by a risk that is not the expected (millions).

    A regret is the most that it can be: beside the bound of the best programme that knew.
    """
    if risk == REGRET:
        return max(one.regret_mn for one in futures)
    if risk == "worst-cost":
        return max(one.cost_mn for one in futures)
    return tail_mean_mn(level or 0.0, futures)


def tail_mean_mn(level: float, futures: Sequence[InFuture]) -> float:
    """Give the mean cost of the dearest cases, a share of 1 less `level` of all (millions)."""
    left, total_mn = 1.0 - level, 0.0
    for one in sorted(futures, key=lambda one: -one.cost_mn):
        part = min(left, one.probability)
        total_mn, left = total_mn + part * one.cost_mn, left - part
    return total_mn / (1.0 - level - left)

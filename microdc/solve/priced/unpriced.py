"""The search as though service had no price: where to begin, and what no price undercuts."""

from dataclasses import replace

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings, Watch
from microdc.solve.search.loop import Search

SHARE_UNPRICED = 0.25
"""Of the time, for a rough plan at no price of service."""

_ROUGH_GAP = 0.02


def without_prices(instance: Instance, settings: Settings, clock: Clock, watch: Watch) -> Search:
    """Search as though service were free and the mean round trip had no limit; cost is not told."""
    free = replace(instance, most_mean_rtt_ms=None, reach=instance.reach.unpriced)
    return Search(free, settings, clock, lambda mark: watch(replace(mark, cost=None)))


def rough(settings: Settings) -> Settings:
    """Give settings with a gap that is soon reached."""
    return replace(settings, gap=max(settings.gap, _ROUGH_GAP))

"""The fewest new sites with which every promise and every limit is kept."""

from dataclasses import replace
from math import ceil, isfinite

from microdc.instance import ALL_SITES, Instance
from microdc.solve.outcome import Ended, Reached
from microdc.solve.turns.held import Means, Turn, costing, new_sites, with_most_sites

_SAME_SITES = 1e-6
"""A bound on a number of sites that is so near a whole one is that one."""


def fewest_sites(instance: Instance, means: Means) -> Turn:
    """Build the fewest new sites, then hold on to the plans that build no more."""
    new = new_sites(instance)
    most = float(new.sum())
    if ALL_SITES in instance.counts.index:
        most = min(most, float(instance.counts["most"][ALL_SITES]))
    whole = replace(means.settings, gap=0.5 / max(1.0, most), step=1.0)
    counted = costing(instance, site=new.astype(float))
    outcome = replace(means, settings=whole).search(counted, "sites")
    fewest = int(outcome.sizes_mw.index.isin(instance.sites.index[new]).sum())
    least = whole_at_least(outcome.bound)
    ended = Ended.STALLED if outcome.ended is Ended.WITHIN_GAP else outcome.ended
    return Turn(
        outcome=outcome,
        held=with_most_sites(instance, fewest),
        reached=Reached(objective="fewest-sites", value=fewest, bound=least),
        ended=Ended.WITHIN_GAP if least >= fewest else ended,
    )


def whole_at_least(bound: float) -> int:
    """Give the whole number of sites that a bound comes to: the next one, to rounding."""
    return max(0, ceil(bound - _SAME_SITES)) if isfinite(bound) else 0

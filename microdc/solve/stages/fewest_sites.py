"""The fewest new sites with which every promise and every limit is kept."""

from dataclasses import replace
from math import ceil, isfinite

from microdc.instance import ALL_SITES, Instance
from microdc.solve.outcome import Ended, Reached
from microdc.solve.stages.held import Means, Stage, at_full_size, new_sites, with_most_sites

_SAME_SITES = 1e-6
"""A bound on a number of sites that is so near a whole one is that one."""


def fewest_sites(instance: Instance, means: Means) -> Stage:
    """Build the fewest new sites, then hold on to the plans that build no more."""
    most = float(new_sites(instance).sum())
    if ALL_SITES in instance.counts.index:
        most = min(most, float(instance.counts["most"][ALL_SITES]))
    whole = replace(means.settings, gap=0.5 / max(1.0, most), step=1.0)
    outcome = replace(means, settings=whole).search(_counting(instance), "sites")
    new = instance.sites.index[new_sites(instance)]
    fewest = int(outcome.sizes_mw.index.isin(new).sum())
    least = ceil(outcome.bound - _SAME_SITES) if isfinite(outcome.bound) else 0
    least = min(fewest, max(0, least))
    ended = Ended.STALLED if outcome.ended is Ended.WITHIN_GAP else outcome.ended
    return Stage(
        outcome=outcome,
        held=with_most_sites(instance, fewest),
        reached=Reached(objective="fewest-sites", value=fewest, bound=least),
        ended=Ended.WITHIN_GAP if least == fewest else ended,
    )


def _counting(instance: Instance) -> Instance:
    """Price nothing but new sites, one each."""
    sites = at_full_size(instance).sites.assign(
        site_mn_yr=new_sites(instance).astype(float), size_mn_per_mw_yr=0.0
    )
    groups = instance.groups.assign(unserved_mn_per_mw_yr=0.0)
    return replace(
        instance,
        sites=sites,
        groups=groups,
        constant_mn_yr=0.0,
        reach=instance.reach.unpriced,
    )

"""Fleets that differ from others, and whether there is another one near the best."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from math import floor

import pandas as pd
from scipy.sparse import csr_array, vstack

from microdc.instance import Instance, matrix_of
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Ended, Outcome, Reached
from microdc.solve.turns.held import held_to

_WHOLE = 1e-9


class Next(StrEnum):
    """What a search for one more fleet has told."""

    FOUND = "found"
    NO_MORE = "no more"  # proven
    NOT_KNOWN = "not known"  # none was found, and it is not proven that there is none


def kind_of(number: int) -> str:
    """Name the limit that keeps a fleet from being that of a number again."""
    return f"as in fleet {number}"


def differing(instance: Instance, fleets: Sequence[pd.Index], least: int) -> Instance:
    """
    Give the instance in which every plan leaves out at least so many sites of each fleet.

    Fleets are ids of sites, numbered from 1; each must have at least `least` of them.
    """
    rows = [instance.sites.index.get_indexer(fleet) for fleet in fleets]
    names = [kind_of(number) for number in range(1, len(fleets) + 1)]
    most = pd.DataFrame({"most": [len(fleet) - least for fleet in fleets]}, index=names)
    counted = matrix_of(rows, len(instance.sites))
    if len(instance.counts):
        most = pd.concat([instance.counts, most])
        counted = csr_array(vstack([instance.counted, counted], format="csr"))
    return replace(instance, counts=most, counted=counted)


def nearly_as_good(instance: Instance, best: Outcome, within: float) -> Instance:
    """
    Let plans be worse than the best by no more than a share in all that comes before cost.

    In the MW IT served, the number of new sites, and round trips.
    """
    if best.unserved_bound_mw_it is not None:
        unserved_mw_it = float(best.unserved_mw_it.sum())
        served_mw_it = float(instance.demand_by_group_mw_it.sum()) - unserved_mw_it
        left_mw_it = unserved_mw_it + within * served_mw_it - float(set_aside(instance)[1].sum())
        instance = replace(instance, most_unserved_mw_it=max(0.0, left_mw_it) + TOLERANCE_MW_IT)
    return held_to(instance, loosened(best.reached, within))


def loosened(reached: Sequence[Reached], within: float) -> tuple[Reached, ...]:
    """Give what objectives came to, worse by a share; numbers of sites stay whole."""
    worse = ((one, one.value * (1 + within)) for one in reached)
    return tuple(
        replace(one, value=floor(value + _WHOLE) if one.objective == "fewest-sites" else value)
        for one, value in worse
    )


def as_alternative(outcome: Outcome, instance: Instance, best: Outcome, within: float) -> Outcome:
    """Let a plan that is nearly as good tell what it comes to beside what the best has proven."""
    new = instance.sites.index[~instance.sites["standing"].to_numpy(dtype=bool)]
    fewest = float(outcome.sizes_mw.index.isin(new).sum())
    reached = (
        replace(one, value=fewest) if one.objective == "fewest-sites" else one
        for one in loosened(best.reached, within)
    )
    proven = best.ended is Ended.WITHIN_GAP
    return replace(
        outcome,
        ended=outcome.ended if proven else best.ended,
        reached=tuple(replace(one, bound=min(one.bound, one.value)) for one in reached),
        reached_of_split=best.reached_of_split,
        unserved_bound_mw_it=best.unserved_bound_mw_it,
    )


def what_next(outcome: Outcome, most_mn_yr: float) -> Next:
    """Say whether a search found a fleet within a cost (millions a year), or that none is."""
    if outcome.ended is Ended.INFEASIBLE or outcome.bound > most_mn_yr:
        return Next.NO_MORE
    if outcome.cost is not None and outcome.cost <= most_mn_yr:
        return Next.FOUND
    return Next.NOT_KNOWN

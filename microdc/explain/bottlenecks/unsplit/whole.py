"""Points that no site in reach can hold whole, and points that do not fit together."""

import numpy as np

from microdc.explain.bottlenecks.bottleneck import Bottleneck, Kind, must_mw_it
from microdc.instance import Instance, Ints
from microdc.model.bound.market import largest_mw
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.highs import Clock
from microdc.solve.least_cost import least_cost
from microdc.solve.outcome import Ended, Settings
from microdc.solve.turns.held import costing
from microdc.solve.unsplit.fitting import too_large


def too_large_bottlenecks(instance: Instance) -> list[Bottleneck]:
    """Find the points that must be served and are larger than any site in their reach."""
    points, largest = too_large(instance)
    must = must_mw_it(instance)[points] > TOLERANCE_MW_IT
    return [_alone(instance, j, i) for j, i in zip(points[must], largest[must], strict=True)]


def _alone(instance: Instance, point: int, site: int) -> Bottleneck:
    need_mw_it = float(instance.points["mw_it"].to_numpy()[point])
    have_mw_it = float((largest_mw(instance) / instance.sites["pue"].to_numpy())[site])
    return Bottleneck(
        kind=Kind.TOO_LARGE,
        points=(int(point),),
        sites=(int(site),),
        need_mw_it=need_mw_it,
        have_mw_it=have_mw_it,
        short_mw_it=need_mw_it,
        most_short_mw_it=need_mw_it,
        witness=(int(point),),
        irreducible=True,
    )


def whole_places(
    instance: Instance, settings: Settings, clock: Clock
) -> tuple[list[Bottleneck], bool]:
    """
    See if points fit into sites whole, where split they would; say also if that was settled.

    `instance` is one of which all that must be served could be, if it were split.
    """
    unsplit = np.flatnonzero(instance.unsplit & (must_mw_it(instance) > TOLERANCE_MW_IT))
    if not len(unsplit):
        return [], True
    outcome = least_cost(costing(instance), settings, clock, lambda _: None)
    if outcome.ended is not Ended.INFEASIBLE:
        return [], outcome.has_plan
    return [_together(instance, unsplit)], True


def _together(instance: Instance, points: Ints) -> Bottleneck:
    return Bottleneck(
        kind=Kind.WHOLE_PLACES,
        points=tuple(points.tolist()),
        need_mw_it=float(instance.points["mw_it"].to_numpy()[points].sum()),
        short_mw_it=0.0,
    )

"""How the formula compares with what was measured, and the constants that would fit it best."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from microdc.errors import UsageError
from microdc.instance import Floats

LEAST_PAIRS = 10
"""Fewer pairs than this say nothing of two constants and their residuals."""
LEAST_SPREAD_KM = 10.0
"""Distances must differ by more, or access and route cannot be told apart."""
MOST_ROUTE_FACTOR = 100.0  # as in the grammar
MOST_FITTED = 5_000
"""More pairs than this are thinned, evenly over the distances, to keep the fit quick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Measured less computed round trips (ms): median, and 5 and 95 per cent quantiles."""

    median_ms: float
    low_ms: float
    high_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFit:
    """The formula beside the measurements, as the scenario states it and as it would fit."""

    pairs: int
    as_stated: Residuals
    access_ms: float
    route_factor: float
    as_fitted: Residuals


def fit_formula(
    km: Floats, beyond_site_ms: Floats, formula_ms: Floats, km_per_ms: float
) -> LatencyFit:
    """
    Fit one access time and one route factor to measured round trips by median regression.

    Parameters
    ----------
    km
        Great-circle distance of each pair.
    beyond_site_ms
        Measured round trip less the processing at the site (ms).
    formula_ms
        Round trip by the scenario's formula, also less processing (ms).
    km_per_ms
        One-way speed of the signal.

    Median regression takes the constants with the least sum of absolute residuals (a linear
    program; access at least 0, route factor 1 to 100): a few wild measurements do not move it, as
    they would move least squares. Raises UsageError where the pairs cannot tell the constants.
    """
    _refuse_too_little(km)
    order = np.argsort(km, kind="stable")
    keep = order[np.unique(np.linspace(0, len(km) - 1, min(len(km), MOST_FITTED)).astype(int))]
    straight_ms = 2 * km / km_per_ms
    access_ms, route_factor = _median_regression(straight_ms[keep], beyond_site_ms[keep])
    fitted_ms = access_ms + route_factor * straight_ms
    return LatencyFit(
        pairs=len(km),
        as_stated=_residuals(beyond_site_ms - formula_ms),
        access_ms=access_ms,
        route_factor=route_factor,
        as_fitted=_residuals(beyond_site_ms - fitted_ms),
    )


def _refuse_too_little(km: Floats) -> None:
    hint = "state more pairs in the measured table, near ones and far ones"
    if len(km) < LEAST_PAIRS:
        msg = f"no fit from {len(km)} measured pair(s): at least {LEAST_PAIRS} are needed"
        raise UsageError(msg, hint=hint)
    spread = float(np.ptp(km))
    if spread < LEAST_SPREAD_KM:
        msg = (
            f"no fit from pairs that are all equally far: distances differ by {spread:.1f} km, at "
            f"least {LEAST_SPREAD_KM:g} km are needed to tell access from route"
        )
        raise UsageError(msg, hint=hint)


def _median_regression(straight_ms: Floats, rtt_ms: Floats) -> tuple[float, float]:
    """Give access (ms) and route factor: rtt = access + factor x straight + over - under."""
    n = len(rtt_ms)
    constants = csr_array(np.column_stack([np.ones(n), straight_ms]))
    rows = hstack([constants, eye_array(n), -eye_array(n)], format="csr")
    price = np.concatenate([np.zeros(2), np.ones(2 * n)])
    bounds = [(0, None), (1, MOST_ROUTE_FACTOR), *[(0, None)] * (2 * n)]
    answer = linprog(price, A_eq=rows, b_eq=rtt_ms, bounds=bounds, method="highs")
    return float(answer.x[0]), float(answer.x[1])


def _residuals(ms: Floats) -> Residuals:
    low, median, high = np.quantile(ms, [0.05, 0.5, 0.95])
    return Residuals(median_ms=float(median), low_ms=float(low), high_ms=float(high))

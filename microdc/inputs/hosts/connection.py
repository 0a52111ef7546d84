"""How large a grid connection may be at each substation and limit, firm or on flexible terms."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.ndimage import maximum_filter1d

from microdc.inputs.hours.profiles import Profiles
from microdc.inputs.region import Region
from microdc.instance import Floats, Ints
from microdc.scenario import Scenario

FIRM = {"max_hours_per_yr": 0.0}
"""A firm connection, in the terms of a flexible one."""

ROUNDING = 1e-9
"""By so much, and this share, sums of hours may be wrong: 12 times 8,760 / 144 is above 730."""


def connected(scenario: Scenario, region: Region) -> pd.DataFrame:
    """Give `Region.substations` with, as headroom, what connections there may be (MW)."""
    if region.hours is None:
        return region.substations
    every = np.arange(len(region.substations))
    return region.substations.assign(headroom_mw=connectable_mw(scenario, region.hours, every))


def connectable_mw(scenario: Scenario, hours: Profiles, rows: Ints) -> Floats:
    """
    Give what may be connected at and below some rows of the power tree, together (MW).

    Firm connections find room in every hour, so that is the least headroom of any; of flexible ones
    it is the most within their terms, at each row by itself. NaN: no limit.
    """
    terms = scenario.connection.terms if scenario.connection.type == "flexible" else FIRM
    weight_h = hours.what["weight_h"].to_numpy(dtype=float)
    chosen, value = hours.rows.iloc[rows], hours.rising
    profile, base, slope = (chosen[c].to_numpy() for c in ("profile", "base_mw", "slope_mw"))
    most_mw = np.empty(len(rows))
    for one in np.unique(profile):
        mine = profile == one
        line = base[mine], np.abs(slope[mine])
        most_mw[mine] = largest_within(terms, line, value[:, one], weight_h)
    return most_mw


def largest_within(
    terms: Mapping[str, float], line: tuple[Floats, Floats], value: Floats, weight_h: Floats
) -> Floats:
    """
    Give the largest connection (MW) within the terms of a flexible one; inf: none limits it.

    `value` is of consecutive hours, each standing for so many `weight_h`; the headroom of a row in
    each of them is `base + slope * value`, or none if that is below zero (MW; slope from zero up),
    and `line` holds base and slope of all rows. Of a connection, the hours with less headroom weigh
    at most `max_hours_per_yr`, the energy out of reach in them is at most `max_mwh_per_mw_yr` for
    each MW of it, and at most `max_run_h` of them follow one another. A term that is not stated
    does not limit. Each of them only grows with the size, so one size is the largest within all.
    """
    base, slope = line
    most_mw = np.full(len(base), np.inf)
    for term, most in terms.items():
        if term == "max_mwh_per_mw_yr":
            most_mw = np.minimum(most_mw, _within_energy(line, value, weight_h, most))
        else:  # whichever hour is the one that counts, it is that of all who follow the profile
            within = _within_hours if term == "max_hours_per_yr" else _within_run
            at = within(value, weight_h, most)
            most_mw = np.minimum(most_mw, np.inf if at is None else base + slope * at)
    for row in np.flatnonzero(base + slope * value.min() < 0):
        headroom_mw = np.maximum(base[row] + slope[row] * value, 0.0)
        as_it_is = np.zeros(1), np.ones(1)
        most_mw[row] = largest_within(terms, as_it_is, headroom_mw, weight_h)[0]
    most_mw[np.isnan(base)] = np.nan
    return most_mw


def _within_hours(value: Floats, weight_h: Floats, most_h: float) -> float | None:
    """Give the value that no more hours lie below; the hours at it would be too many."""
    order = np.argsort(value, kind="stable")
    beyond = np.cumsum(weight_h[order]) > most_h * (1 + ROUNDING) + ROUNDING
    return float(value[order[beyond.argmax()]]) if beyond.any() else None


def _within_run(value: Floats, _: Floats, most_h: float) -> float | None:
    """Give the value reached in some hour of every stretch that is longer than it may be."""
    stretch = int(most_h) + 1
    if stretch > len(value):
        return None
    best: Floats = maximum_filter1d(value, stretch)
    first = stretch // 2  # the filter's window is centred; those beyond the ends are left out
    return float(best[first : first + len(value) - stretch + 1].min())


def _within_energy(
    line: tuple[Floats, Floats], value: Floats, weight_h: Floats, most_mwh_per_mw: float
) -> Floats:
    r"""
    Give the sizes at which as much is out of reach as may be: sum of w (s - h)^+ = E s.

    The difference is convex in s and not above zero at s = 0, so it is above zero from one size on:
    with the K least hours below s, s = sum of w h / (sum of w - E), both over these K. With
    h = base + slope v, the difference at the k-th least hour is slope g_k - E base, where
    g_k = sum of w (v_k - v) - E v_k is the same for all rows.
    """
    base, slope = line
    order = np.argsort(value, kind="stable")
    v, w = value[order], weight_h[order]
    hours, energy = np.cumsum(w), np.cumsum(w * v)
    beyond = np.maximum.accumulate(hours * v - energy - most_mwh_per_mw * v)
    allowed = np.divide(
        most_mwh_per_mw * base, slope, out=np.full(len(base), np.inf), where=slope > 0
    )
    last = np.maximum(np.searchsorted(beyond, allowed, side="right") - 1, 0)
    below_h = hours[last] - most_mwh_per_mw
    below_mwh = hours[last] * base + slope * energy[last]
    size_mw = np.divide(below_mwh, below_h, out=np.full(len(base), np.inf), where=below_h > 0)
    return np.asarray(np.maximum(size_mw, base + slope * v[last]))

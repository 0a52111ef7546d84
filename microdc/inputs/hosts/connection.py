"""How large a grid connection may be at each substation and limit, firm or on flexible terms."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.ndimage import maximum_filter1d

from microdc.inputs.hours.profiles import Profiles
from microdc.inputs.region import Region
from microdc.instance import Floats, Ints
from microdc.scenario import Scenario

AT_ONCE = 256
"""Rows of the power tree that are worked out together, each with every hour of the year."""


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
    flexible = scenario.connection.type == "flexible"
    terms = scenario.connection.terms if flexible else {"max_hours_per_yr": 0.0}
    weight_h = hours.what["weight_h"].to_numpy()
    some = range(0, len(rows), AT_ONCE)
    parts = [
        largest_within(terms, hours.headroom_mw(rows[start : start + AT_ONCE]), weight_h)
        for start in some
    ]
    return np.concatenate([np.empty(0), *parts])


def largest_within(terms: Mapping[str, float], headroom_mw: Floats, weight_h: Floats) -> Floats:
    """
    Give the largest connection (MW) within the terms of a flexible one; inf: none limits it.

    `headroom_mw` holds consecutive hours x rows (NaN: no limit), each hour standing for so many
    `weight_h`. Of a connection, the hours with less headroom weigh at most `max_hours_per_yr`, the
    energy out of reach in them is at most `max_mwh_per_mw_yr` for each MW of it, and at most
    `max_run_h` of them follow one another. A term that is not stated does not limit. Each of them
    only grows with the size, so there is one largest size within them all.
    """
    within = {
        "max_hours_per_yr": _within_hours,
        "max_mwh_per_mw_yr": _within_energy,
        "max_run_h": _within_run,
    }
    most_mw = np.full(headroom_mw.shape[1], np.inf)
    for term, most in terms.items():
        most_mw = np.minimum(most_mw, within[term](headroom_mw, weight_h, most))
    most_mw[np.isnan(headroom_mw).any(axis=0)] = np.nan
    return most_mw


def _within_hours(headroom_mw: Floats, weight_h: Floats, most_h: float) -> Floats:
    """Give the size at which the hours below it weigh the most: one MW more adds the next hour."""
    order = np.argsort(headroom_mw, axis=0, kind="stable")
    beyond = np.cumsum(weight_h[order], axis=0) > most_h
    first = np.take_along_axis(order, beyond.argmax(axis=0)[None], axis=0)
    next_mw = np.take_along_axis(headroom_mw, first, axis=0)[0]
    return np.where(beyond.any(axis=0), next_mw, np.inf)


def _within_energy(headroom_mw: Floats, weight_h: Floats, most_mwh_per_mw: float) -> Floats:
    r"""
    Give the size s at which sum of w (s - h)^+ is as much as E s allows.

    The difference is convex in s and not above zero at s = 0, so it is above zero from one size on:
    with the K least hours below s, s = sum of w h / (sum of w - E), both over these K.
    """
    order = np.argsort(headroom_mw, axis=0, kind="stable")
    h, w = np.take_along_axis(headroom_mw, order, axis=0), weight_h[order]
    hours, energy = np.cumsum(w, axis=0), np.cumsum(w * h, axis=0)
    kept = hours * h - energy <= most_mwh_per_mw * h
    last = np.maximum(kept.sum(axis=0) - 1, 0)[None]
    below_h = np.take_along_axis(hours, last, axis=0)[0] - most_mwh_per_mw
    below_mwh = np.take_along_axis(energy, last, axis=0)[0]
    size_mw = np.divide(below_mwh, below_h, out=np.full(len(below_h), np.inf), where=below_h > 0)
    return np.asarray(np.maximum(size_mw, np.take_along_axis(h, last, axis=0)[0]))


def _within_run(headroom_mw: Floats, _: Floats, most_h: float) -> Floats:
    """Give the size that finds room in some hour of every stretch that is longer than it may be."""
    stretch = int(most_h) + 1
    if stretch > len(headroom_mw):
        return np.full(headroom_mw.shape[1], np.inf)
    best_mw: Floats = maximum_filter1d(headroom_mw, stretch, axis=0)
    first = stretch // 2  # the filter's window is centred; those beyond the ends are left out
    whole = best_mw[first : first + len(headroom_mw) - stretch + 1]
    return np.asarray(whole.min(axis=0))

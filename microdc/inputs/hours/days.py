"""In which hours service is promised: all, the peak day, or days that stand for the others."""

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage

from microdc.inputs.hours.times import OF_A_DAY
from microdc.instance import Floats, Ints
from microdc.scenario import Hours


def peak_days(headroom_mw: Floats, wanted: Floats) -> Ints:
    """
    Give the days that no choice of days should miss, the first of all in front.

    First the day with the hour of least headroom over all profiles (hours x profiles, MW); of equal
    hours, the one that wants most (hours x services). Then the days of each profile's own least
    headroom, those of which most MW come and go first; then those of each service's own peak. What
    is promised when all of a system is short may be missed when one part of it is.
    """
    of_all = np.lexsort((-wanted.sum(axis=1), headroom_mw.sum(axis=1)))[0]
    swing_mw = np.ptp(headroom_mw, axis=0)
    moving = np.argsort(-swing_mw, kind="stable")[: np.count_nonzero(swing_mw)]
    rising = np.flatnonzero(np.ptp(wanted, axis=0))
    hours = [of_all, *headroom_mw[:, moving].argmin(axis=0), *wanted[:, rising].argmax(axis=0)]
    days = dict.fromkeys(int(hour) // OF_A_DAY for hour in hours)
    return np.array(list(days), dtype=np.int64)


def hours_used(stated: Hours, weight_h: Floats, peaks: Ints, features: Floats) -> pd.DataFrame:
    """
    Give the hours of the tables in which service is promised, as `Profiles.used` says.

    `features` tell how alike hours are, hours x anything; `peaks` are as `peak_days` gives them.
    The peak day alone keeps its own weight; days that stand for the year take over that of the days
    that they stand for, hour by hour.
    """
    days = len(weight_h) // OF_A_DAY
    stands_for = np.arange(days)
    if stated.use == "peak":
        stands_for = np.where(stands_for == peaks[0], peaks[0], -1)
    elif stated.days is not None and stated.days < days:
        stands_for = representatives(features.reshape(days, -1), stated.days, peaks)
    chosen = np.unique(stands_for[stands_for >= 0])
    of_days = weight_h.reshape(days, OF_A_DAY)
    weight = [of_days[stands_for == day].sum(axis=0) for day in chosen]
    hour = (chosen[:, None] * OF_A_DAY + np.arange(OF_A_DAY)).ravel()
    return pd.DataFrame({"hour": hour, "weight_h": np.concatenate(weight)})


def representatives(features: Floats, count: int, peaks: Ints) -> Ints:
    """
    Give the day that stands for each day: at most so many, real ones, peak days for themselves.

    Of these there are as many as leave one day for the others, and at least one. The others are put
    together by Ward's method (Ward 1963, "Hierarchical grouping to optimize an objective function",
    JASA 58), each column counting as much as any other, and in each group the day nearest to its
    mean stands for it. A single day stands for all.
    """
    if count == 1:
        return np.full(len(features), peaks[0])
    spread = np.ptp(features, axis=0)
    scaled = (features - features.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    stands_for = np.arange(len(features))
    peaks = peaks[: count - 1]
    others = np.delete(stands_for, peaks)
    group = _grouped(scaled[others], count - len(peaks))
    for name in np.unique(group):
        mine = others[group == name]
        from_mean = np.square(scaled[mine] - scaled[mine].mean(axis=0)).sum(axis=1)
        stands_for[mine] = mine[from_mean.argmin()]
    return stands_for


def _grouped(features: Floats, count: int) -> Ints:
    if len(features) <= count:
        return np.arange(len(features))
    return np.asarray(fcluster(linkage(features, "ward"), count, "maxclust"), dtype=np.int64)

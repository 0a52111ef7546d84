"""In which hours service is promised: all, the peak day, or days that stand for the others."""

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage

from microdc.inputs.hours.times import OF_A_DAY
from microdc.instance import Floats, Ints
from microdc.scenario import Hours


def peak_day(headroom_mw: Floats, wanted: Floats) -> int:
    """Give the day with the hour of least headroom; of equal hours, the one that wants most."""
    return int(np.lexsort((-wanted, headroom_mw))[0]) // OF_A_DAY


def hours_used(stated: Hours, weight_h: Floats, peak: int, features: Floats) -> pd.DataFrame:
    """
    Give the hours of the tables in which service is promised, as `Profiles.used` says.

    `features` tell how alike hours are, hours x anything. The peak day alone keeps its own weight;
    days that stand for the year take over that of the days that they stand for, hour by hour.
    """
    days = len(weight_h) // OF_A_DAY
    stands_for = np.arange(days)
    if stated.use == "peak":
        stands_for = np.where(stands_for == peak, peak, -1)
    elif stated.days is not None and stated.days < days:
        stands_for = representatives(features.reshape(days, -1), stated.days, peak)
    chosen = np.unique(stands_for[stands_for >= 0])
    of_days = weight_h.reshape(days, OF_A_DAY)
    weight = [of_days[stands_for == day].sum(axis=0) for day in chosen]
    hour = (chosen[:, None] * OF_A_DAY + np.arange(OF_A_DAY)).ravel()
    return pd.DataFrame({"hour": hour, "weight_h": np.concatenate(weight)})


def representatives(features: Floats, count: int, peak: int) -> Ints:
    """
    Give the day that stands for each day: at most so many, real ones, the peak day for itself.

    The other days are put together by Ward's method (Ward 1963, "Hierarchical grouping to optimize
    an objective function", JASA 58), each column counting as much as any other, and in each group
    the day nearest to its mean stands for it. A single day stands for all.
    """
    if count == 1:
        return np.full(len(features), peak)
    spread = np.ptp(features, axis=0)
    scaled = (features - features.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    stands_for = np.arange(len(features))
    others = np.delete(stands_for, peak)
    group = _grouped(scaled[others], count - 1)
    for name in np.unique(group):
        mine = others[group == name]
        from_mean = np.square(scaled[mine] - scaled[mine].mean(axis=0)).sum(axis=1)
        stands_for[mine] = mine[from_mean.argmin()]
    return stands_for


def _grouped(features: Floats, count: int) -> Ints:
    if len(features) <= count:
        return np.arange(len(features))
    return np.asarray(fcluster(linkage(features, "ward"), count, "maxclust"), dtype=np.int64)

"""Promises on distance between sites."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from microdc.placement.verify.facts import Facts, Promise, geodesic_km, name_of, told

_MILLIMETRE_KM = 1e-6


def sites_apart(facts: Facts) -> list[str]:
    """No new site is nearer to another than the separation asked for."""
    return told(_too_near(facts))


def _too_near(facts: Facts) -> Iterator[str]:
    least_km = facts.scenario.limits.separation_km
    exists = facts.substations["existing_mw"] > 0
    both = combinations(facts.sites.index, 2) if least_km > 0 else []
    pairs = np.array([p for p in both if not all(exists[site] for site in p)], dtype=object)
    if not len(pairs):
        return
    ends = [facts.substations.loc[side, c].to_numpy(float) for side in pairs.T
            for c in ("lat", "lon")]  # fmt: skip
    for (one, other), km in zip(pairs, geodesic_km(*ends), strict=True):
        if km < least_km - _MILLIMETRE_KM:
            yield (
                f"{name_of(facts, one)} and {name_of(facts, other)}: {km:.3f} km apart, "
                f"at least {least_km:g} km are to be kept"
            )


PROMISES: tuple[Promise, ...] = (sites_apart,)

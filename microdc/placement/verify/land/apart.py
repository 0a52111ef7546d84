"""Promises on distance between sites."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from microdc.placement.verify.facts import Facts, Promise, geodesic_km, name_of, told

_MILLIMETRE_KM = 1e-6


def sites_apart(facts: Facts) -> list[str]:
    """No two sites are nearer to one another than the separation asked for."""
    return told(_too_near(facts))


def _too_near(facts: Facts) -> Iterator[str]:
    least_km = facts.scenario.limits.separation_km
    pairs = np.array(list(combinations(facts.sites.index, 2)), dtype=object)
    if least_km == 0 or not len(pairs):
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

"""What a millisecond of round trip costs."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator

from microdc.scenario.parts.sources import listed_or_off
from microdc.scenario.words import NonNegative, Section
from microdc.yaml12 import Finding, Keys


class RttStep(Section):
    """A price of time that holds beyond a round trip, up to that of the next step."""

    above_ms: NonNegative = 0.0
    """Round trip (ms) beyond which time costs this much."""

    mn_per_mw_ms_yr: NonNegative
    """Price of each ms beyond (millions per MW IT, ms and year); higher from step to step."""


RttPrice = Annotated[tuple[RttStep, ...], BeforeValidator(listed_or_off)]
"""Steps of a price on time, or `off`: time costs nothing."""


def mn_per_mw_it_yr(steps: RttPrice, rtt_ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what serving a MW IT at some round trips (ms) costs a year (millions)."""
    before = [0.0, *(step.mn_per_mw_ms_yr for step in steps)]
    dearer = [step.mn_per_mw_ms_yr - last for step, last in zip(steps, before, strict=False)]
    price = np.zeros_like(rtt_ms)
    for step, more in zip(steps, dearer, strict=True):
        price += more * np.maximum(0.0, rtt_ms - step.above_ms)
    return price


def not_convex(steps: RttPrice, at: Keys) -> Iterator[Finding]:
    """Refuse steps that are not in order, or by which a longer wait would cost less a ms."""
    for place, (one, following) in enumerate(pairwise(steps), start=1):
        for key in ("above_ms", "mn_per_mw_ms_yr"):
            value, least = getattr(following, key), getattr(one, key)
            if value <= least:
                allowed = f"more than {least:g}, that of the step before"
                yield Finding((*at, place, key), "does not rise", f"{value:g}", allowed)

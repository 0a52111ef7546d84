"""Whatever limits come together: a shortage that is told is true, and one that is there is told."""

from dataclasses import replace

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, random_instance

from microdc.explain.bottlenecks import bottlenecks_of
from microdc.explain.bottlenecks.elastic import short_allowed
from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook

SETTINGS = Settings(gap=1e-6)
NAMES = [name for name in FEATURES if name not in ("floors", "prices", "must_serve")]


def drawn(seed: int) -> Instance:
    """Draw an instance where all must be served, with up to three limits, often too little."""
    rng = np.random.default_rng(seed)
    instance = random_instance(rng, sites=int(rng.integers(3, 8)))
    for name in rng.choice(NAMES, size=rng.integers(1, 4), replace=False):
        instance = FEATURES[name](rng, instance)
    if seed % 3 == 0:
        feature, _ = list(HOURS.values())[seed // 3 % len(HOURS)]
        instance = feature(rng, instance)
    hungry = instance.points.assign(mw_it=instance.points["mw_it"] * rng.uniform(0.6, 1.6))
    groups = instance.groups.assign(max_unserved_mw_it=0.0)
    return replace(instance, points=hungry, groups=groups)


def seeds() -> list[object]:
    return [*range(12), *(pytest.param(k, marks=pytest.mark.long) for k in range(12, 240))]


@pytest.mark.parametrize("seed", seeds())
def test_what_is_told_to_be_short_is_and_nothing_short_is_left_untold(seed):
    instance = drawn(seed)
    found = bottlenecks_of(instance, SETTINGS, Clock(60))
    assert found.complete
    least = textbook(short_allowed(instance), SETTINGS, Clock(60))
    if least.cost is None:  # the rules contradict one another
        assert found.bottlenecks
        return
    assert bool(found.bottlenecks) == (least.cost > 1e-4)
    peak = [one for one in found.bottlenecks if not (one.hours or one.outages)]
    assert sum(one.short_mw_it for one in peak) <= least.cost + 1e-3
    for one in found.bottlenecks:
        assert one.short_mw_it <= one.need_mw_it + 1e-6
        if len(one.points):
            alone = short_allowed(instance.with_points(np.array(one.witness or one.points)))
            still = textbook(alone, SETTINGS, Clock(60))
            assert still.cost is None or still.cost > 1e-6

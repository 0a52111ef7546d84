"""The certificate against the textbook model, its optimum and its relaxation, at middle size."""

from dataclasses import replace

import numpy as np
import pytest
from instances import FEATURES, random_instance
from often import often

from microdc.instance import Instance
from microdc.model.build import compile_model
from microdc.model.compact import build_compact
from microdc.solve.forms import relaxed
from microdc.solve.highs import Clock, Options, Program, Status
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Ended, Settings, relative_gap
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

INSTANCES, TRIES = often(5, many=25), 100
EXACT = Settings(gap=2e-5)
PROVE_MORE = {"modules", *(name for name in FEATURES if name.startswith("outages"))}
"""Prices know which sizes are sums of modules, and how many sites are needed whatever is out; the
relaxation of the textbook model does not."""

PROVES_LESS = "projects"
"""Of projects prices know nothing."""


def middle_size(seed: int) -> tuple[Instance, set[str]]:
    """Draw 16 to 24 sites with as many to twice as many points, and two features."""
    rng = np.random.default_rng([seed, 37])
    instance = random_instance(rng, sites=int(rng.integers(16, 25)))
    features = {str(name) for name in rng.choice(sorted(FEATURES), 2, replace=False)}
    for name in sorted(features):
        instance = FEATURES[name](rng, instance)
    return set_aside(instance)[0], features


@pytest.mark.slow
def test_the_certificate_holds_where_the_textbook_model_proves_its_optimum():
    proven = 0
    for seed in range(TRIES):
        instance, features = middle_size(seed)
        theirs = textbook(instance, EXACT, Clock(4))
        if theirs.ended is not Ended.WITHIN_GAP:
            continue
        search = Search(instance, EXACT, Clock(30), lambda _: None)
        ours = search.run()
        slack = 1e-6 * max(1.0, abs(theirs.cost))
        assert ours.has_plan
        assert ours.bound <= theirs.cost + slack
        assert ours.cost >= theirs.bound - slack
        assert relative_gap(ours.cost, theirs.bound) <= 4e-5
        assert ours.proof.bound_mn_yr <= ours.bound + slack
        expect_the_relaxation(instance, features)
        proven += 1
        if proven == INSTANCES:
            break
    assert proven == INSTANCES


def expect_the_relaxation(instance: Instance, features: set[str]) -> None:
    """Expect the prices of an exact relaxation to prove what the textbook model's does."""
    theirs = Program(relaxed(compile_model(build_compact(instance))), Options(), Clock(10)).run()
    assert theirs.status is Status.SOLVED
    search = Search(instance, replace(EXACT, gap=0.0), Clock(30), lambda _: None)
    assert search.relaxes()
    bound, slack = search.proof.bound, 1e-5 * max(1.0, abs(theirs.objective))
    assert bound >= theirs.objective - slack or PROVES_LESS in features
    if not features & PROVE_MORE:
        assert bound <= theirs.objective + slack

"""More than limits allow, at a price: the projected model and the textbook's agree on it."""

from dataclasses import replace

import instances
import numpy as np
import pytest

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)


def elastic(rng: np.random.Generator) -> Instance:
    """Give a random instance whose tree and budget are too tight, and may be exceeded."""
    instance = instances.random_instance(rng, sites=int(rng.integers(3, 9)))
    rules = [instances.tree, instances.budget, instances.must_serve]
    others = [instances.modules, instances.counts, instances.outages, instances.existing]
    for rule in [*rules, *(one for one in others if rng.random() < 0.3)]:
        instance = rule(rng, instance)
    nodes = instance.nodes.assign(
        limit_mw=instance.nodes["limit_mw"] * 0.6,
        most_more_mw=np.where(rng.random(len(instance.nodes)) < 0.7, 60.0, 0.0),
        more_mn_per_mw_yr=rng.uniform(0.05, 3.0, len(instance.nodes)),
    )
    return replace(instance, nodes=nodes, more_budget_mn_yr=float(rng.uniform(0.05, 0.3)))


@pytest.mark.parametrize("few", [1, 1_000])
@pytest.mark.parametrize("seed", range(10))
def test_projected_and_textbook_cost_the_same(seed, few, monkeypatch):
    monkeypatch.setattr("microdc.solve.search.shortlist._FEW", few)
    monkeypatch.setattr("microdc.solve.search.shortlist._PER_POINT", 1 if few == 1 else 8)
    instance = elastic(np.random.default_rng(seed))
    theirs = textbook(instance, EXACT, Clock(30.0))
    search = Search(instance, EXACT, Clock(30.0), lambda _: None)
    ours = search.run()
    assert ours.has_plan == theirs.has_plan
    if ours.cost is not None and theirs.cost is not None:
        assert ours.cost == pytest.approx(theirs.cost, rel=1e-5)
        assert ours.bound <= theirs.cost + 1e-6
        if search.proof is not None:
            assert search.proof.bound <= theirs.cost + 1e-6

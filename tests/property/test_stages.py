"""Programmes in stages: the search against the textbook model of all stages, and brute force."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import FEATURES, random_instance
from often import often

from microdc.instance import ALL_SITES, Instance, matrix_of
from microdc.instance.stages.programme import of_stage, programme_of
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.search import shortlist
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)


def searched(instance: Instance) -> Outcome:
    return solve(instance, "least-cost", EXACT, Clock(60.0), lambda _: None)


def random_stages(
    rng: np.random.Generator, sites: int | None = None
) -> tuple[list[Instance], list[float]]:
    """Two or three stages of one instance: more sites, headroom, capital and demand each time."""
    whole = random_instance(rng, sites)
    for feature in rng.choice(["modules", "tree", "apart", "forced"], 2, replace=False):
        whole = FEATURES[feature](rng, whole)
    count, all_sites = int(rng.integers(2, 4)), len(whole.sites)
    stages = []
    for k in range(count):
        of_last = (k + 1) / count
        growth = float(rng.uniform(0.3, 1.0)) if k < count - 1 else 1.0
        later = rng.random(all_sites) < 0.3 * (k < count - 1)  # reinforced, or there, only later
        later &= ~whole.sites["forced"].to_numpy()
        cap_mw = whole.sites["cap_mw"].where(~later, 5.0)
        groups = whole.groups.assign(max_unserved_mw_it=growth * whole.groups["max_unserved_mw_it"])
        stage = replace(
            whole,
            sites=whole.sites.assign(cap_mw=cap_mw),
            points=whole.points.assign(mw_it=growth * whole.points["mw_it"]),
            groups=groups,
        )
        if rng.random() < 0.7:
            most = max(
                1,
                int(whole.sites["forced"].sum()),
                round(of_last * rng.uniform(0.2, 0.8) * all_sites),
            )
            stage = replace(
                stage,
                counts=pd.DataFrame({"most": [most]}, index=[ALL_SITES]),
                counted=matrix_of([range(all_sites)], all_sites),
            )
        if rng.random() < 0.5:
            need_mn = 9 * 1.25 * whole.points["mw_it"].sum()
            stage = replace(stage, budget_mn=float(of_last * rng.uniform(0.5, 1.0) * need_mn) + 60)
        stages.append(stage)
    return stages, rng.uniform(1.0, 6.0, count).round(2).tolist()


def expect_nested(outcome: Outcome, stages: list[Instance]) -> None:
    before = pd.Series(dtype=float)
    for k, stage in enumerate(stages):
        sizes_mw = of_stage(outcome.sizes_mw, k)
        assert before.index.isin(sizes_mw.index).all()
        assert (sizes_mw.reindex(before.index) >= before - 1e-5).all()
        assert (sizes_mw <= stage.sites["cap_mw"].reindex(sizes_mw.index) + 1e-6).all()
        before = sizes_mw


@pytest.mark.slow
def test_the_search_equals_the_textbook_model_of_all_stages():
    binding = 0
    for seed in range(often(12, many=60)):
        rng = np.random.default_rng([seed, 411])
        stages, weights_yr = random_stages(rng, sites=int(rng.integers(4, 10)))
        whole = programme_of(stages, weights_yr)
        ours, theirs = searched(whole), textbook(whole, EXACT, Clock(60.0))
        assert (ours.ended is Ended.INFEASIBLE) == (theirs.ended is Ended.INFEASIBLE)
        if theirs.cost is None:
            continue
        assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
        assert ours.bound <= theirs.cost * (1 + 1e-9) + 1e-9
        expect_nested(ours, stages)
        alone = sum(w * searched(s).cost for s, w in zip(stages, weights_yr, strict=True))
        assert alone <= ours.cost * (1 + 1e-5)
        binding += alone < ours.cost - 1e-3
    assert binding >= 5


@pytest.mark.slow
def test_a_shortlist_of_sites_loses_nothing_in_stages(monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 1)
    for seed in range(often(6, many=40)):
        rng = np.random.default_rng([seed, 412])
        whole = programme_of(*random_stages(rng, sites=int(rng.integers(6, 12))))
        ours, theirs = searched(whole), textbook(whole, EXACT, Clock(60.0))
        assert (ours.cost is None) == (theirs.cost is None)
        if theirs.cost is not None:
            assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
            assert ours.bound <= theirs.cost * (1 + 1e-9) + 1e-9

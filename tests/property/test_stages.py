"""Programmes in stages: the search against an extensive model, and the textbook model."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import FEATURES, random_instance
from often import often
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from microdc.instance import ALL_SITES, Instance, matrix_of, rows_of
from microdc.instance.stages.programme import of_stage, programme_of
from microdc.instance.stages.risk import Risk
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.search import shortlist
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)
Programme = tuple[list[Instance], list[float]]


def searched(instance: Instance) -> Outcome:
    return solve(instance, "least-cost", EXACT, Clock(60.0), lambda _: None)


def random_stages(rng: np.random.Generator, sites: int) -> Programme:
    """Two or three stages of one instance: more sites, headroom, capital and demand each time."""
    whole = random_instance(rng, sites)
    for feature in rng.choice(["modules", "tree", "apart", "forced"], 2, replace=False):
        whole = FEATURES[feature](rng, whole)
    count, forced = int(rng.integers(2, 4)), whole.sites["forced"].to_numpy()
    stages = []
    for k in range(count):
        last, of_last = k == count - 1, (k + 1) / count
        growth = 1.0 if last else float(rng.uniform(0.3, 1.0))
        later = (rng.random(sites) < 0.3) & ~forced & (not last)  # reinforced only afterwards
        most_mw_it = growth * whole.groups["max_unserved_mw_it"]
        stage = replace(
            whole,
            sites=whole.sites.assign(cap_mw=whole.sites["cap_mw"].where(~later, 5.0)),
            points=whole.points.assign(mw_it=growth * whole.points["mw_it"]),
            groups=whole.groups.assign(max_unserved_mw_it=most_mw_it),
        )
        if rng.random() < 0.7:
            most = max(1, int(forced.sum()), round(of_last * rng.uniform(0.2, 0.8) * sites))
            stage = replace(
                stage,
                counts=pd.DataFrame({"most": [most]}, index=[ALL_SITES]),
                counted=matrix_of([range(sites)], sites),
            )
        if rng.random() < 0.5:
            need_mn = 9 * 1.25 * whole.points["mw_it"].sum()
            stage = replace(stage, budget_mn=float(of_last * rng.uniform(0.5, 1.0) * need_mn) + 60)
        stages.append(stage)
    return stages, rng.uniform(1.0, 6.0, count).round(2).tolist()


class Extensive:
    """Every stage written out by hand, flows and all: nothing is shared with the model."""

    def __init__(
        self, stages: list[Instance], weights_yr: list[float], before: list[int] | None = None
    ) -> None:
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.left: list[list[int]] = []
        self.ends: list[int] = []
        self.lower: dict[int, float] = {}
        built = [self._stage(one, weight) for one, weight in zip(stages, weights_yr, strict=True)]
        for (z, x), number in zip(built, before or range(-1, len(built) - 1), strict=True):
            first = (*built[number][0], *built[number][1]) if number >= 0 else ()
            for now, later in zip(first, [*z, *x], strict=False):
                self._row({now: 1.0, later: -1.0}, -np.inf, 0.0)

    def _column(self, cost: float, upper: float, whole: int = 0) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def _row(self, terms: dict[int, float], lower: float, upper: float) -> None:
        self.rows.append((terms, lower, upper))

    def _stage(self, one: Instance, weight: float) -> tuple[list[int], list[int]]:
        sites = one.sites.to_dict("records")
        z = [self._column(weight * s["site_mn_yr"], 1.0 - s["forbidden"], 1) for s in sites]
        x = [self._column(weight * s["size_mn_per_mw_yr"], s["cap_mw"]) for s in sites]
        for i, served in enumerate(self._served(one, weight)):
            self._row({**served, x[i]: -1.0}, -np.inf, 0.0)
        self._sizes(one, z, x)
        self._limits(one, z, x)
        self.ends.append(len(self.cost))
        return z, x

    def _served(self, one: Instance, weight: float) -> list[dict[int, float]]:
        """Serve each point or leave it; give what each site serves, and the power that takes."""
        price = one.groups["unserved_mn_per_mw_yr"].to_numpy()[one.points["group"]]
        served: list[dict[int, float]] = [{} for _ in one.sites.index]
        self.left.append([])
        for j, demand in enumerate(one.points["mw_it"]):
            near = {int(i): self._column(0.0, demand) for i in one.reach.near(j)}
            left = self._column(weight * price[j], demand)
            self.left[-1].append(left)
            self._row({**dict.fromkeys(near.values(), 1.0), left: 1.0}, demand, demand)
            for i, flow in near.items():
                served[i][flow] = one.sites["pue"].iloc[i]
        return served

    def _sizes(self, one: Instance, z: list[int], x: list[int]) -> None:
        for i, s in enumerate(one.sites.to_dict("records")):
            self._row({x[i]: 1.0, z[i]: -s["cap_mw"]}, -np.inf, 0.0)
            self._row({x[i]: 1.0, z[i]: -s["min_mw"]}, 0.0, np.inf)
            if s["forced"]:
                self._row({z[i]: 1.0}, 1.0, 1.0)
            if one.modules_mw:
                counts = {self._column(0.0, s["cap_mw"] // mw, 1): -mw for mw in one.modules_mw}
                self._row({x[i]: 1.0, **counts}, 0.0, 0.0)

    def _limits(self, one: Instance, z: list[int], x: list[int]) -> None:
        for limit, below in zip(one.nodes["limit_mw"], rows_of(one.below), strict=True):
            self._row({x[i]: 1.0 for i in below}, -np.inf, limit)
        for most, of in zip(one.counts["most"], rows_of(one.counted), strict=True):
            self._row({z[i]: 1.0 for i in of}, -np.inf, most)
        for near_by in rows_of(one.apart):
            self._row({z[i]: 1.0 for i in near_by}, -np.inf, 1.0)
        if one.budget_mn is not None:
            capital = dict(zip(z, one.sites["site_capital_mn"], strict=True))
            capital |= dict(zip(x, one.sites["size_capital_mn_per_mw"], strict=True))
            self._row(capital, -np.inf, one.budget_mn)

    def least_that_leaves_least(self, months: list[float]) -> tuple[float, float] | None:
        """Give the fewest MW-months left, and the least cost at that; None if no programme."""
        left = {j: count for mine, count in zip(self.left, months, strict=True) for j in mine}
        cost = self.cost
        self.cost = [left.get(column, 0.0) for column in range(len(cost))]
        fewest, self.cost = self.least(), cost
        if fewest is None:
            return None
        self._row(left, -np.inf, fewest + 1e-6)
        least = self.least()
        assert least is not None
        return fewest, least

    def least_at_risk(self, future: list[int], less_mn: list[float], tail: list[float]) -> float:
        """
        Give the least e + sum of t_f / tail_f, where a future f costs at most e + t_f + less_f.

        `future` is that of each stage, -1: of all; `cost` counts every stage in full.
        """
        stage = np.searchsorted(self.ends, np.arange(len(self.cost)), side="right")
        cost, of = self.cost, np.array(future)[stage]
        self.cost = [0.0] * len(cost)
        level = self._column(1.0, np.inf)
        self.lower = {level: -np.inf}
        for f, (less, share) in enumerate(zip(less_mn, tail, strict=True)):
            above = self._column(1.0 / share, np.inf)
            then = {j: c for j, c in enumerate(cost) if of[j] in (-1, f) and c}
            self._row({**then, level: -1.0, above: -1.0}, -np.inf, less)
        least = self.least()
        assert least is not None
        return least

    def least(self) -> float | None:
        """Give the least cost; None if there is no programme."""
        matrix = lil_array((len(self.rows), len(self.cost)))
        for k, (terms, _, _) in enumerate(self.rows):
            for column, value in terms.items():
                matrix[k, column] = value
        lower, upper = (np.array([row[end] for row in self.rows]) for end in (1, 2))
        found = milp(
            np.array(self.cost),
            integrality=np.array(self.whole),
            bounds=Bounds([self.lower.get(j, 0.0) for j in range(len(self.cost))], self.upper),
            constraints=LinearConstraint(matrix.tocsr(), lower, upper),
            options={"mip_rel_gap": 1e-7, "presolve": False},
        )
        return None if found.x is None else float(found.fun)


def expect_nested(outcome: Outcome, stages: list[Instance]) -> None:
    before = pd.Series(dtype=float)
    for k, stage in enumerate(stages):
        sizes_mw = of_stage(outcome.sizes_mw, k)
        assert before.index.isin(sizes_mw.index).all()
        assert (sizes_mw.reindex(before.index) >= before - 1e-5).all()
        assert (sizes_mw <= stage.sites["cap_mw"].reindex(sizes_mw.index) + 1e-6).all()
        before = sizes_mw


def expect_same(ours: Outcome, theirs: float | None) -> None:
    assert (ours.ended is Ended.INFEASIBLE) == (theirs is None)
    if theirs is not None:
        assert ours.cost == pytest.approx(theirs, rel=3e-6, abs=1e-5)
        assert ours.bound <= theirs * (1 + 1e-9) + 1e-9


@pytest.mark.slow
def test_the_search_finds_what_an_extensive_model_finds():
    binding = 0
    for seed in range(often(8, many=80)):
        rng = np.random.default_rng([seed, 411])
        stages, weights_yr = random_stages(rng, int(rng.integers(4, 8)))
        ours = searched(programme_of(stages, weights_yr))
        theirs = Extensive(stages, weights_yr).least()
        expect_same(ours, theirs)
        if theirs is None:
            continue
        expect_nested(ours, stages)
        alone = [searched(one).cost for one in stages]
        separately = sum(w * cost for w, cost in zip(weights_yr, alone, strict=True))
        assert separately <= theirs * (1 + 1e-5)
        binding += separately < theirs - 1e-3
    assert binding >= 3


def in_two_futures(
    rng: np.random.Generator, stages: list[Instance], weights_yr: list[float]
) -> tuple[list[Instance], list[float], list[int], list[float]]:
    """Let all stages but the first be there twice: as they are, and with less demand."""
    share, probability = float(rng.uniform(0.3, 0.8)), float(rng.uniform(0.2, 0.8))
    poor = [
        replace(
            one,
            points=one.points.assign(mw_it=share * one.points["mw_it"]),
            groups=one.groups.assign(max_unserved_mw_it=share * one.groups["max_unserved_mw_it"]),
        )
        for one in stages[1:]
    ]
    count = len(poor)
    before = [*range(-1, count), 0, *range(count + 1, 2 * count)]
    years = [*weights_yr, *weights_yr[1:]]
    return [*stages, *poor], years, before, [probability, 1 - probability]


@pytest.mark.slow
def test_a_first_stage_for_several_futures_is_what_an_extensive_model_finds():
    for seed in range(often(3, many=40)):
        rng = np.random.default_rng([seed, 415])
        stages, weights_yr = random_stages(rng, int(rng.integers(4, 7)))
        nodes, years, before, likely = in_two_futures(rng, stages, weights_yr)
        of_node = [1.0, *np.repeat(likely, len(stages) - 1)]
        weights = [p * weight for p, weight in zip(of_node, years, strict=True)]
        ours = searched(programme_of(nodes, weights, before))
        expect_same(ours, Extensive(nodes, weights, before).least())


@pytest.mark.slow
def test_most_is_served_in_time_and_then_at_least_cost():
    dearer = 0
    for seed in range(often(4, many=40)):
        rng = np.random.default_rng([seed, 416])
        stages, weights_yr = random_stages(rng, int(rng.integers(4, 7)))
        months = [float(rng.integers(1, 30)) for _ in stages]
        months[-1] = float(rng.choice([0.0, 5.0]))  # the date may come before the last stage
        cheap = 0.12 * stages[0].groups["unserved_mn_per_mw_yr"]  # less than some sites cost
        stages = [
            replace(one, groups=one.groups.assign(unserved_mn_per_mw_yr=cheap)) for one in stages
        ]
        timed = [
            replace(one, groups=one.groups.assign(months=count))
            for one, count in zip(stages, months, strict=True)
        ]
        whole = programme_of(timed, weights_yr)
        ours = solve(whole, "most-served", EXACT, Clock(60.0), lambda _: None)
        theirs = Extensive(stages, weights_yr).least_that_leaves_least(months)
        assert ours.has_plan == (theirs is not None)
        if theirs is None:
            continue
        left = float(whole.months @ ours.unserved_mw_it)
        assert left == pytest.approx(theirs[0], rel=1e-5, abs=1e-3)
        assert ours.unserved_bound_mw_it <= theirs[0] + 1e-6
        assert ours.cost == pytest.approx(theirs[1], rel=1e-4, abs=1e-2)
        assert ours.bound <= theirs[1] * (1 + 1e-6)
        expect_nested(ours, stages)
        cheapest = Extensive(stages, weights_yr).least()
        dearer += theirs[1] > cheapest + 1e-2
    assert dearer >= 2


def risk_over(nodes, expected, likely, future, tail) -> Risk:
    """Weigh what futures cost, each up to its share of the tail, held against nothing."""
    constant_mn = [w * one.constant_mn_yr for w, one in zip(expected, nodes, strict=True)]
    return Risk(
        probability=np.array(likely),
        most=np.minimum(1.0, 1.0 / np.array(tail)),
        less_mn=np.zeros(len(likely)),
        future=np.array(future),
        of_group=np.repeat(np.arange(len(nodes)), [len(one.groups) for one in nodes]),
        constant_mn=np.array(constant_mn),
    )


def test_each_site_is_in_a_project_where_risk_is_weighed_as_well():
    told = 0
    for seed in range(6):
        rng = np.random.default_rng([seed, 418])
        stages, weights_yr = random_stages(rng, 5)
        nodes, years, before, likely = in_two_futures(rng, stages, weights_yr)
        projects = FEATURES["projects"](rng, nodes[-1]).projects
        nodes = [replace(one, projects=projects) for one in nodes]
        count = len(stages) - 1
        future = [-1, *[0] * count, *[1] * count]
        expected = [p * w for p, w in zip([1.0, *np.repeat(likely, count)], years, strict=True)]
        whole = programme_of(nodes, expected, before)
        risk = risk_over(nodes, expected, likely, future, [0.3 / p for p in likely])
        ours = searched(replace(whole, risk=risk))
        if ours.cost is None:
            continue
        joining = whole.sites.index[whole.projects.joins]
        assert set(ours.projects.index) == set(ours.sizes_mw.index) & set(joining)
        told += len(ours.projects)
    assert told > 0


@pytest.mark.slow
def test_the_risk_over_futures_is_what_an_extensive_model_finds():
    other = 0
    for seed in range(often(4, many=40)):
        rng = np.random.default_rng([seed, 417])
        stages, weights_yr = random_stages(rng, int(rng.integers(4, 7)))
        nodes, years, before, likely = in_two_futures(rng, stages, weights_yr)
        nodes = [replace(one, constant_mn_yr=float(rng.uniform(0.0, 9.0))) for one in nodes]
        count = len(stages) - 1
        future = [-1, *[0] * count, *[1] * count]
        expected = [p * w for p, w in zip([1.0, *np.repeat(likely, count)], years, strict=True)]
        whole = programme_of(nodes, expected, before)
        level = [0.0, 0.9999, 0.3, 0.7][seed // 2 % 4]
        tail = [(1 - level) / p for p in likely]
        less_mn = [0.0, 0.0]
        if seed % 2:  # regret: each future held against a cost, such as the best that knew of it
            tail, less_mn = [1.0, 1.0], rng.uniform(0.0, 80.0, 2).tolist()
        mean = float(np.dot(likely, less_mn))
        risk = risk_over(nodes, expected, likely, future, tail)
        risk = replace(risk, less_mn=np.array(less_mn) - mean)
        sure = searched(whole)
        ours = searched(replace(whole, risk=risk))
        if sure.cost is None:
            assert ours.ended is Ended.INFEASIBLE
            continue
        fixed_mn = np.array([w * n.constant_mn_yr for w, n in zip(years, nodes, strict=True)])
        own_mn = [fixed_mn[np.isin(future, [-1, f])].sum() for f in (0, 1)]
        held_mn = [less - own for less, own in zip(less_mn, own_mn, strict=True)]
        theirs = Extensive(nodes, years, before).least_at_risk(future, held_mn, tail) + mean
        expect_same(ours, theirs)
        expect_same(textbook(replace(whole, risk=risk), EXACT, Clock(60.0)), theirs)
        assert ours.proof is not None
        assert ours.proof.bound_mn_yr <= theirs * (1 + 1e-9) + 1e-9
        assert ours.cost >= sure.cost * (1 - 1e-5)
        if seed % 8 == 0:
            assert ours.cost == pytest.approx(sure.cost, rel=1e-5)  # the tail is all there is
        other += ours.cost > sure.cost + 1e-2
    assert other >= 2


@pytest.mark.slow
def test_a_shortlist_of_sites_loses_nothing_in_stages(monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 1)
    for seed in range(often(3, many=40)):
        rng = np.random.default_rng([seed, 412])
        stages, weights_yr = random_stages(rng, int(rng.integers(6, 10)))
        if seed % 3:  # size classes whose capital counts, and into which sites grow
            stages = [FEATURES["tiers"](np.random.default_rng(seed), one) for one in stages]
        whole = programme_of(stages, weights_yr)
        expect_same(searched(whole), textbook(whole, EXACT, Clock(60.0)).cost)


@pytest.mark.slow
def test_one_stage_costs_what_its_plan_costs_over_its_years():
    for seed in range(often(2, many=10)):
        stages, _ = random_stages(np.random.default_rng([seed, 413]), 6)
        ours, alone = searched(programme_of(stages[-1:], [2.5])), searched(stages[-1])
        assert (ours.cost is None) == (alone.cost is None)
        if alone.cost is not None:
            assert ours.cost == pytest.approx(2.5 * alone.cost, rel=3e-6)


@pytest.mark.slow
def test_more_sites_and_more_headroom_never_cost_more():
    for seed in range(often(2, many=20)):
        stages, weights_yr = random_stages(np.random.default_rng([seed, 414]), 6)
        looser = [
            replace(
                one,
                sites=one.sites.assign(cap_mw=stages[-1].sites["cap_mw"]),
                counts=one.counts.assign(most=one.counts["most"] + 1),
                budget_mn=None,
            )
            for one in stages
        ]
        tight = searched(programme_of(stages, weights_yr))
        if tight.cost is not None:
            loose = searched(programme_of(looser, weights_yr))
            assert loose.cost <= tight.cost * (1 + 2e-6)


@pytest.mark.parametrize("feature", ["tiers", "projects"])
def test_size_classes_and_projects_hold_in_every_stage(feature):
    for seed in (501, 506, 511):
        rng = np.random.default_rng(seed)
        stages, weights = random_stages(rng, 5)
        ruled = FEATURES[feature](rng, stages[-1])
        rules = {"tiers": ruled.tiers, "projects": ruled.projects}
        whole = programme_of([replace(one, **rules) for one in stages], weights)
        ours, theirs = searched(whole), textbook(whole, EXACT, Clock(60.0))
        assert (ours.ended is Ended.INFEASIBLE) == (theirs.ended is Ended.INFEASIBLE)
        if ours.cost is not None:
            assert ours.cost == pytest.approx(theirs.cost, rel=1e-5)

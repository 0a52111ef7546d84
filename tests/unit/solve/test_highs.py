"""The door to HiGHS: what it answers, and traps of the solver that it keeps closed."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from scipy.sparse import csr_array

from microdc.model.build import StandardForm
from microdc.solve.forms import relaxed
from microdc.solve.highs import Clock, Options, Program, Status, safe_bound


def form(cost, rows, lower, upper, most, integer) -> StandardForm:
    return StandardForm(
        cost=np.array(cost, dtype=float),
        offset=0.0,
        rows=csr_array(np.array(rows, dtype=float)),
        row_lower=np.array(lower, dtype=float),
        row_upper=np.array(upper, dtype=float),
        lower=np.zeros(len(cost)),
        upper=np.array(most, dtype=float),
        integer=np.array(integer, dtype=bool),
    )


@pytest.fixture
def knapsack() -> StandardForm:
    """Take at least 7 of sizes 3 and 5 at costs 3 and 4: one of 3 and one of 5, for 7."""
    return form([3, 4], [[3, 5]], [7], [np.inf], [4, 4], [True, True])


def test_whole_numbers_and_their_relaxation(knapsack):
    whole = Program(knapsack, Options(), Clock(10)).run()
    assert (whole.status, whole.objective) == (Status.SOLVED, pytest.approx(7))
    part = Program(relaxed(knapsack), Options(), Clock(10)).run()
    assert part.objective == pytest.approx(7 * 4 / 5)
    assert safe_bound(part.objective, knapsack) < part.objective


def test_no_time_is_no_answer(knapsack):
    answer = Program(knapsack, Options(), Clock(0)).run()
    assert answer.status is Status.STOPPED
    assert not answer.has_values


def test_a_contradiction_is_infeasible(knapsack):
    nothing = replace(knapsack, upper=np.zeros(2))
    assert Program(nothing, Options(), Clock(10)).run().status is Status.INFEASIBLE


def test_columns_that_must_be_zero_come_back_as_zero(knapsack):
    threes = replace(knapsack, upper=np.array([4.0, 0.0]))
    assert Program(threes, Options(), Clock(10)).run().values.tolist() == [3, 0]


def test_programs_with_different_threads_live_in_one_process(knapsack):
    for threads in (2, 1, 2):
        assert Program(knapsack, Options(threads=threads), Clock(10)).run().has_values


def test_general_integers_that_presolve_called_infeasible_are_solved():
    # Two sites of modules of 6 and 7 MW under a budget that fits neither: nothing is built.
    sizes = {0: 12.2, 1: 15.7}
    rows, lower, upper = [], [], []

    def row(entries, low, high):
        rows.append([entries.get(k, 0.0) for k in range(14)])
        lower.append(low)
        upper.append(high)

    for i, cap in sizes.items():
        row({i: -cap, 2 + i: 1}, -np.inf, 0)
    for i in sizes:
        row({i: 5, 2 + i: -1}, -np.inf, 0)
    for i in sizes:
        row({2 + i: 1, 6 + 2 * i: -6, 7 + 2 * i: -7}, 0, 0)
    row({0: 5.3, 1: 5.9, 2: 9, 3: 9}, -np.inf, 7.74193135659304)
    row({4: 1}, -np.inf, 0.0600735299541945)
    row({5: 1}, -np.inf, 0)
    row({10: 1, 12: 1}, 0.0291990862725567, 0.0291990862725567)
    row({11: 1, 13: 1}, 0.0308744436816378, 0.0308744436816378)
    row({4: -1, 12: 1, 13: 1}, 0, 0)
    row({5: 1}, 0, 0)
    row({2: 1}, 0, np.inf)
    row({3: -1, 10: 1.25, 11: 1.25}, -np.inf, 0)
    row({1: -0.0291990862725567, 10: 1}, -np.inf, 0)
    row({1: -0.0308744436816378, 11: 1}, -np.inf, 0)
    cost = [0.5, 2.53, 1.359, 1.214, 9, 6, *[0] * 8]
    demand = [0.0291990862725567, 0.0308744436816378]
    most = [1, 1, 12.2, 15.7, sum(demand), 0, 2, 1, 2, 2, *demand, *demand]
    whole = [True, True, False, False, False, False, True, True, True, True, *[False] * 4]
    answer = Program(form(cost, rows, lower, upper, most, whole), Options(), Clock(10)).run()
    assert answer.status is Status.SOLVED
    assert answer.objective == pytest.approx(9 * sum(demand))


class Doubting:
    """HiGHS that comes to no answer in its first run, as it did from the basis of another."""

    def __init__(self, highs: highspy.Highs) -> None:
        self.highs, self.runs = highs, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.highs, name)

    def run(self) -> None:
        self.runs += 1
        self.highs.run()

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802
        unknown = highspy.HighsModelStatus.kUnknown
        return unknown if self.runs == 1 else self.highs.getModelStatus()


def test_a_linear_program_that_ends_in_no_answer_is_solved_afresh(knapsack):
    program = Program(relaxed(knapsack), Options(), Clock(30))
    expected = program.run()
    program._highs = Doubting(program._highs)
    answer = program.run()
    assert program._highs.runs == 2
    assert answer.status is Status.SOLVED
    assert answer.objective == pytest.approx(expected.objective)

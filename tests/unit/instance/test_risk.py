"""Weights of futures, as the risk allows them."""

import numpy as np
import pytest

from microdc.instance.stages.risk import Risk

RISK = Risk(
    probability=np.array([0.2, 0.3, 0.5]),
    most=np.array([0.4, 0.6, 1.0]),
    less_mn=np.zeros(3),
    future=np.array([-1, 0, 1, 2]),
    of_group=np.array([0, 1, 2, 3]),
    constant_mn=np.zeros(4),
)


@pytest.mark.parametrize(
    "weight", [[0.4, 0.6, 0.0], [0.4 + 1e-9, 0.6, 0.0], [0.1, 0.1, 0.1], [0, 0, 0], [2.0, -1e-9, 3]]
)
def test_weights_that_are_not_quite_allowed_are_moved_to_some_that_are(weight):
    allowed = RISK.allowed(np.array(weight, dtype=float))
    assert allowed.sum() == pytest.approx(1.0, abs=1e-12)
    assert ((allowed >= 0) & (allowed <= RISK.most + 1e-12)).all()
    if weight == [0.4, 0.6, 0.0]:
        assert allowed == pytest.approx(np.array(weight))


def test_stages_count_as_their_future_is_weighed_and_those_of_all_as_they_are():
    assert RISK.times(np.array([0.4, 0.6, 0.0])) == pytest.approx([1.0, 2.0, 2.0, 0.0])

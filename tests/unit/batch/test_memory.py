import pytest

from benchmarks.batch.memory import grown_mb


@pytest.mark.slow
def test_a_worker_does_not_grow():
    warm_mb, last_mb = grown_mb(25, "tiny")
    assert last_mb < warm_mb + 25

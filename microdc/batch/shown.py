"""What is said on a terminal when a batch has ended, after what it came to."""

from collections.abc import Iterator

from microdc.batch.run import Batch
from microdc.workflow import from_here


def batch_shown(batch: Batch) -> Iterator[str]:
    """Give what was there before, what is missing, how long it took, and where it is."""
    computed = len(batch.results) - len(batch.before)
    yield (
        f"{_scenarios(computed)} computed in {batch.seconds:.1f} s with {batch.workers} worker(s), "
        f"{len(batch.before):,} as they were before"
    )
    if batch.unfinished:
        left = _scenarios(len(batch.unfinished))
        yield f"Ended before {left} had a result; the same command goes on with the rest."
    if batch.gone:
        yield (
            f"Scenarios that are not there any more, whose results are left alone: "
            f"{len(batch.gone):,}, such as {batch.gone[0]}"
        )
    yield f"Written to {from_here(batch.out)}"


def _scenarios(count: int) -> str:
    return "1 scenario" if count == 1 else f"{count:,} scenarios"

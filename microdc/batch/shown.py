"""What is said on a terminal when a batch has ended."""

from collections import Counter
from collections.abc import Iterator

from microdc.batch.progress import told
from microdc.batch.result import Status
from microdc.batch.run import Batch

MOST_TOLD = 20
"""Scenarios without a plan within the gap that are told one by one; all are in results.json."""


def batch_shown(batch: Batch) -> Iterator[str]:
    """Give how many scenarios ended in which way, the first of those without a plan, and where."""
    yield _verdict(batch)
    short = [result for result in batch.results if result.status is not Status.PLANNED]
    yield from (f"  {told(result)}" for result in short[:MOST_TOLD])
    if len(short) > MOST_TOLD:
        yield f"  and {len(short) - MOST_TOLD} more, all in results.json"
    if batch.unfinished:
        left = _scenarios(len(batch.unfinished))
        yield f"Ended before {left} had a result; the same command goes on with the rest."
    if batch.gone:
        yield (
            f"{_scenarios(len(batch.gone))} of an earlier batch, such as {batch.gone[0]}, not there"
            " any more; what became of them is left alone."
        )
    yield f"Written to {batch.out}"


def _verdict(batch: Batch) -> str:
    counts = Counter(result.status for result in batch.results)
    ended = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    text = f"{_scenarios(len(batch.results))}: {ended or 'none has a result'}"
    if batch.before:
        text += f"; {len(batch.before)} from before"
    return f"{text}. {batch.seconds:.1f} s with {batch.workers} worker(s)."


def _scenarios(count: int) -> str:
    return "1 scenario" if count == 1 else f"{count:,} scenarios"

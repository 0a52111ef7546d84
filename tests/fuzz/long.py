"""
Run microdc on many scenarios changed at random: `python tests/fuzz/long.py 10000`.

Prints how the runs ended and, for each that ended in what may not be, its number: `run_on(number)`
in `mutate.py` repeats it. Ends with exit code 1 if there was any.
"""

import argparse
import multiprocessing
import time
import warnings
from collections import Counter

from mutate import Ended, run_on

BATCH = 40
"""Runs between two looks at the clock."""

TOLD_EVERY = 1000
"""Runs between two counts, so that one cut short has told how far it came."""


def numbered(number: int) -> tuple[int, Ended]:
    """Run on a number, warnings as errors."""
    warnings.simplefilter("error")
    return number, run_on(number)


def told() -> int:
    """Run on as many numbers as asked for, or as fit in the time; give the exit code."""
    asked = argparse.ArgumentParser(description="Fuzz microdc.")
    asked.add_argument("runs", type=int)
    asked.add_argument("--start", type=int, default=0, help="first number")
    asked.add_argument("--seconds", type=float, default=float("inf"), help="stop after these")
    options = asked.parse_args()
    began, codes, wrong = time.monotonic(), Counter[str](), 0
    numbers = range(options.start, options.start + options.runs)
    with multiprocessing.get_context("spawn").Pool() as pool:
        for batch in (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)):
            for number, ended in pool.imap(numbered, batch):
                codes[str(ended.code)] += 1
                if ended.wrong:
                    wrong += 1
                    print(f"{number}: {ended.wrong}", flush=True)
            if codes.total() % TOLD_EVERY == 0:
                print(f"{codes.total():,} runs, {wrong:,} in what may not be", flush=True)
            if time.monotonic() - began > options.seconds:
                break
        pool.close()
        pool.join()
    ends = ", ".join(f"{count:,} with {code}" for code, count in sorted(codes.items()))
    print(f"{codes.total():,} runs in {time.monotonic() - began:.0f} s; exit codes: {ends}; "
          f"{wrong:,} in what may not be")  # fmt: skip
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(told())

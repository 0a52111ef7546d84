"""The variants of a sweep: one for each combination of values, named after them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from microdc.errors import Fault, InputError, UsageError
from microdc.scenario import Scenario
from microdc.studies.sweeping.stated import Swept, changed, unknown_class

MOST_LETTERS = 60
"""Of the name that values give a variant; where one is longer, all are numbered instead."""
MOST_BYTES = 100
"""Of a scenario's name, which names the folder of its plan."""
_MOST_OF_A_WORD, _MOST_OF_A_VALUE = 24, 16
_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Variant:
    """A combination of values: what they are called, and what its file states."""

    stem: str
    """Its file's name without suffix."""
    name: str
    written: tuple[str, ...]
    """The value of each swept key, as it was typed."""
    changes: dict[str, Any]


def variants_of(
    scenario: Scenario, swept: Sequence[Swept], *, paired: bool, most: int
) -> list[Variant]:
    """
    Give a variant for every combination of values, the last key's changing fastest.

    `paired` takes the n-th value of each key together instead. Raises UsageError for more than
    `most`, or for keys that cannot be varied, and InputError with every fault of every variant.
    """
    base = scenario.stated
    for one in swept:
        if (error := unknown_class(base, one)) is not None:
            raise error
    chosen = _combinations(swept, paired=paired, most=most)
    stems = _stems(scenario.name, swept, chosen)
    variants = []
    for stem, places in zip(stems, chosen, strict=True):
        pairs = list(zip(swept, places, strict=True))
        written = tuple(one.written[n] for one, n in pairs)
        changes = changed(base, [(one, one.values[n]) for one, n in pairs])
        variants.append(Variant(stem, f"{scenario.name}-{stem}", written, changes))
    _expect_sound(scenario, variants)
    return variants


def _combinations(swept: Sequence[Swept], *, paired: bool, most: int) -> list[tuple[int, ...]]:
    """Give the place of each key's value in every variant."""
    counts = [len(one.values) for one in swept]
    if paired and len(set(counts)) > 1:
        told = ", ".join(f"{one.key} has {len(one.values)}" for one in swept)
        msg = f"--paired needs as many values of each key: {told}"
        raise UsageError(msg, hint="leave --paired out to combine each value with all others")
    number = counts[0] if paired else prod(counts)
    if number > most:
        msg = f"these are {number:,} variants, more than {most:,}"
        raise UsageError(msg, hint=f"give fewer values, or allow so many: --most {number}")
    if paired:
        return [(n,) * len(swept) for n in range(number)]
    return list(product(*(range(count) for count in counts)))


def _expect_sound(scenario: Scenario, variants: Sequence[Variant]) -> None:
    """Raise InputError with what is wrong with any variant, each fault told once."""
    faults: dict[tuple[str, str, str], Fault] = {}
    for variant in variants:
        try:
            scenario.varied(variant.changes, name=variant.name)
        except InputError as error:
            for fault in error.faults:
                faults.setdefault((fault.at, fault.says, fault.found), fault)
    if faults:
        raise InputError(faults.values())


def _stems(name: str, swept: Sequence[Swept], chosen: Sequence[tuple[int, ...]]) -> list[str]:
    """Name variants after their values, so that they sort as they come; or number them."""
    labels, values = _labels(swept), [_values(one) for one in swept]
    stems = [
        "--".join(f"{label}-{of[n]}" for label, of, n in zip(labels, values, places, strict=True))
        for places in chosen
    ]
    longest = max(map(len, stems))
    if longest <= MOST_LETTERS and longest + 1 + len(name.encode()) <= MOST_BYTES:
        return stems
    digits = len(str(len(chosen)))
    return [f"{n:0{digits}}" for n in range(1, len(chosen) + 1)]


def _labels(swept: Sequence[Swept]) -> list[str]:
    """Call each key by its last words, as many as tell it from the others."""
    for words in range(1, max(len(one.way) for one in swept) + 1):
        labels = [
            "-".join(_plain(_word(step), _MOST_OF_A_WORD) for step in one.way[-words:])
            for one in swept
        ]
        if len({label.casefold() for label in labels}) == len(labels) and all(labels):
            return labels
    return [f"key{n}" for n in range(1, len(swept) + 1)]


def _word(step: str | int) -> str:
    return str(step + 1) if isinstance(step, int) else step


def _values(one: Swept) -> list[str]:
    """Write numbers that ascend with as many digits each; number all other values."""
    digits = [_DECIMAL.fullmatch(text) for text in one.written]
    numbers = [float(found[0]) for found in digits if found]
    if len(numbers) == len(digits) and numbers == sorted(numbers):
        before = max(len(found[1]) for found in digits if found)
        after = max(len(found[2] or "") for found in digits if found)
        width = before + (after + 1 if after else 0)
        return [f"{number:0{width}.{after}f}" for number in numbers]
    places = len(str(len(one.written)))
    named = (
        f"v{n:0{places}}-{_plain(text, _MOST_OF_A_VALUE)}"
        for n, text in enumerate(one.written, start=1)
    )
    return [text.rstrip("-") for text in named]


def _plain(text: str, most: int) -> str:
    """Keep what any file system takes, and at most so many letters."""
    letters = re.sub(r"[^A-Za-z0-9_]+", "-", text)
    return letters.strip("-")[:most].strip("-")

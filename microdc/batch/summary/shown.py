"""What the terminal says of a batch: a row per scenario, and why some have no plan."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.batch.result import Status
from microdc.batch.summary.aims import WORDS, came_to, first_of
from microdc.batch.summary.table import written
from microdc.batch.summary.told import Told, keys_of, whose
from microdc.batch.summary.varied import short_names
from microdc.explain.words import listed as in_words
from microdc.placement.words.rounding import money_down, percent_down, percent_up
from microdc.report.tables.layout import MOST_ROWS, add_row, listed, new_table, under
from microdc.report.words import NONE, number

MOST_KEYS = 2
"""Of the keys in which scenarios differ, those that a terminal has room for beside short names."""
_SHORT_NAME, _MOST_LETTERS, _NAMED = 12, 24, 3
_NO_PLAN = "no plan can satisfy this scenario:"


def summary_shown(told: Sequence[Told]) -> list[RenderableType]:
    """Give a table of the scenarios, as many as a terminal bears, and the reasons of failures."""
    short = max((len(one.name) for one in told), default=0) <= _SHORT_NAME
    every = keys_of(told)
    columns = came_to(told)
    first = first_of(told, columns)
    keys = every[:MOST_KEYS] if short and not first else []
    names = short_names(every)
    table = new_table()
    table.add_column("scenario", overflow="fold", min_width=_SHORT_NAME)
    for key in keys:
        table.add_column(Text(names[key]), justify="right", overflow="fold")
    for heading in (f"M {_currency(told)}/yr", "at least", "gap", "sites", "MW", "served", "ms"):
        table.add_column(Text(heading), justify="right")
    for heading in (*(WORDS[name].heading for name in first), "s"):
        table.add_column(heading, justify="right")
    for place, one in enumerate(told[:MOST_ROWS]):
        came = [_came(name, columns[name][place]) for name in first]
        add_row(table, *_row(one, keys), *came, number(one.result.seconds, 1))
    if len(told) > MOST_ROWS:
        add_row(table, f"... and {len(told) - MOST_ROWS} more")
    return [under(_heading(told), table, *_bounds(told)), listed("Why", _reasons(told))]


def _reasons(told: Sequence[Told]) -> list[str]:
    """Give each reason once, after the scenarios that it is told of."""
    scenarios: dict[tuple[str, str], list[str]] = {}
    for one in told:
        if one.why:
            scenarios.setdefault((str(one.result.status), one.why), []).append(one.name)
    lines = [
        f"{in_words(names, most=_NAMED)} ({status}): {why.removeprefix(_NO_PLAN).strip()}"
        for (status, why), names in scenarios.items()
    ]
    rest = len(lines) - MOST_ROWS
    return [*lines[:MOST_ROWS], f"and {rest} more reasons"] if rest > 0 else lines


def _heading(told: Sequence[Told]) -> str:
    counts = Counter(one.result.status for one in told)
    each = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    return f"{len(told)} scenarios: {each}"


def _currency(told: Sequence[Told]) -> str:
    """Name the currency, where all have one."""
    found = {str(one.figure("currency")) for one in told if one.figure("currency")}
    return found.pop() if len(found) == 1 else "of its currency"


def _row(one: Told, keys: Sequence[str]) -> list[str]:
    bound, gap, sites = one.figure("bound"), one.figure("gap"), one.figure("sites")
    served = one.figure("served_share")
    return [
        one.name,
        *(_short(one, key) for key in keys),
        str(one.result.status) if one.figure("cost") is None else number(one.figure("cost")),
        NONE if bound is None else number(money_down(bound)),
        NONE if gap is None else percent_up(gap),
        NONE if sites is None else str(sites),
        number(one.figure("mw"), 1),
        NONE if served is None else percent_down(served),
        number(one.figure("worst_rtt_ms")),
    ]


def _came(name: str, value: float | None) -> str:
    return NONE if value is None else WORDS[name].written(value)


def _bounds(told: Sequence[Told]) -> Iterator[RenderableType]:
    """Say of which plans the costs hold that are told as the least; nothing where of all."""
    if some := whose(told):
        yield Text(f"At least: no plan{some} costs less.")


def _short(one: Told, key: str) -> str:
    value = one.varied.get(key)
    text = NONE if value is None else written(value)
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 3]}..."

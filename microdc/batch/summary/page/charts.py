"""Charts of a batch, drawn by hand as SVG: cost along a key, and how often sites are chosen."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from microdc.batch.summary.table import written
from microdc.batch.summary.told import Told
from microdc.placement.parts.records import records
from microdc.placement.words.rounding import money_down
from microdc.report.words import number

_WIDTH, _HEIGHT = 560, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 20, 16, 44
_TICKS = 5
_MOST_LABELS, _MOST_LETTERS = 8, 18
MOST_BARS = 25
_BAR, _BAR_GAP, _NAMES, _COUNTS = 14, 8, 190, 70


def cost_chart(told: Sequence[Told], key: str, unit: str) -> str:
    """
    Draw cost and bound of all plans against a key; scenarios alike but for it are joined.

    Numbers stand where they belong, other values side by side in their order.
    """
    points = [one for one in told if one.figure("cost") is not None and key in one.varied]
    across = _Across([one.varied[key] for one in points])
    ends = [float(one.figure(figure)) for one in points for figure in ("cost", "bound")]
    down = _Down(ends)
    drawn = [
        *across.axis(),
        *down.axis(),
        *(_joined(line, key, across, down) for line in _alike(points, key)),
        *(mark for one in points for mark in _marks(one, key, across, down)),
    ]
    return svg(_WIDTH, _HEIGHT, drawn, f"Cost and bound in {unit} against {key}")


class _Across:
    """Where the values of a key lie from left to right."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.numbers = all(type(value) in (int, float) for value in values)
        different = list({repr(value): value for value in values}.values())  # 4.0 beside 4, too
        self.values = sorted(different) if self.numbers else different
        places = self.values if self.numbers else range(len(self.values))
        self.place = dict(zip(map(repr, self.values), map(float, places), strict=True))
        self.low, self.high = _range(list(self.place.values()))

    def at(self, value: Any) -> float:
        """Give the place of a value, in pixels."""
        share = (self.place[repr(value)] - self.low) / (self.high - self.low)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def axis(self) -> Iterable[str]:
        """Draw the axis with some of the values."""
        base = _HEIGHT - _BOTTOM
        yield _path([(_LEFT, base), (_WIDTH - _RIGHT, base)], "axis")
        step = -(-len(self.values) // _MOST_LABELS)
        for value in self.values[::step]:
            yield text(self.at(value), base + 18, _short(written(value)), "middle")


class _Down:
    """Where millions a year lie from top to bottom."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low, self.high = _range(values)

    def at(self, mn_yr: float) -> float:
        """Give the place of millions a year, in pixels."""
        share = (mn_yr - self.low) / (self.high - self.low)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    def axis(self) -> Iterable[str]:
        """Draw the axis with some numbers."""
        yield _path([(_LEFT, _TOP), (_LEFT, _HEIGHT - _BOTTOM)], "axis")
        for value in _round_numbers(self.low, self.high):
            yield text(_LEFT - 8, self.at(value) + 4, f"{value:,.7g}", "end")


def _round_numbers(low: float, high: float) -> list[float]:
    """Give a few numbers between two that people count in: steps of 1, 2 or 5, or tens of them."""
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(count * step, 9) for count in range(first, last + 1)]


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _alike(points: Sequence[Told], key: str) -> list[list[Told]]:
    """Group the scenarios that agree in every other key."""
    lines: dict[str, list[Told]] = {}
    for one in points:
        others = {other: value for other, value in one.varied.items() if other != key}
        lines.setdefault(repr(sorted(others.items())), []).append(one)
    return list(lines.values())


def _joined(line: Sequence[Told], key: str, across: _Across, down: _Down) -> str:
    places = sorted((across.at(one.varied[key]), down.at(one.figure("cost"))) for one in line)
    return _path(places, "line")


def _marks(one: Told, key: str, across: _Across, down: _Down) -> Iterable[str]:
    x, cost, bound = across.at(one.varied[key]), one.figure("cost"), one.figure("bound")
    least = f"no plan{one.of_which} costs less than {number(money_down(bound))}"
    says = f"{one.name}: cost {number(cost)}, {least}"
    y = down.at(bound)
    yield f'<path class="bound" d="M{x - 6:.1f} {y}h12"/>'
    yield (
        f'<circle class="cost" cx="{x}" cy="{down.at(cost)}" r="4">'
        f"<title>{escape(says)}</title></circle>"
    )


def frequency_chart(sites: pd.DataFrame, plans: int) -> str:
    """Draw in how many plans each site is, those in most first, as a bar each."""
    rows = records(sites.head(MOST_BARS))
    width = _WIDTH - _NAMES - _COUNTS
    drawn = []
    for place, row in enumerate(rows):
        y = place * (_BAR + _BAR_GAP) + 4
        name = str(row["name"] or row["id"])
        length = round(width * float(row["share"]), 1)
        bar = f'<rect class="bar" x="{_NAMES}" y="{y}" width="{length}" height="{_BAR}" rx="2"/>'
        count = f"{row['plans']} of {plans}"
        drawn += [
            text(_NAMES - 8, y + 11, _short(name, 26), "end"),
            bar,
            text(_NAMES + length + 8, y + 11, count, "start"),
        ]
    height = max(1, len(rows)) * (_BAR + _BAR_GAP) + 8
    return svg(_WIDTH, height, drawn, "In how many plans each site is")


def _short(value: str, most: int = _MOST_LETTERS) -> str:
    return value if len(value) <= most else f"{value[: most - 1]}…"


def _path(places: Sequence[tuple[float, float]], kind: str) -> str:
    way = " L".join(f"{x} {y}" for x, y in places)
    return f'<path class="{kind}" d="M{way}"/>'


def text(x: float, y: float, says: str, anchor: str) -> str:
    """Write words on a chart."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(says)}</text>'


def svg(width: float, height: float, drawn: Iterable[str], says: str) -> str:
    """Put what was drawn into a picture, and say what it shows."""
    return "\n".join(
        [
            f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(says)}">',
            *drawn,
            "</svg>",
        ]
    )

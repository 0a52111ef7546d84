"""Horizontal bars, each with its name and its value in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from microdc.report.page.markup import Html, joined, tag

WIDTH = 360
_ROW, _LEFT, _RIGHT, _TOP = 22, 130, 96, 4
_MOST_LETTERS = 19


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows, and in what unit."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its length, and its value as text."""

    name: str
    value: float
    text: str


def bars(chart: Chart, rows: Sequence[Bar], most: float | None = None) -> Html | None:
    """Draw bars below one another, `most` being the longest there can be; None without any."""
    if not rows:
        return None
    longest = most or max(row.value for row in rows) or 1.0
    drawn = joined(*(part for k, row in enumerate(rows) for part in _bar(k, row, longest)))
    return figure(chart, _TOP + _ROW * len(rows), drawn, [f"{r.name}: {r.text}" for r in rows])


def _bar(k: int, row: Bar, longest: float) -> Iterator[Html]:
    across = WIDTH - _LEFT - _RIGHT
    length = round(min(row.value / longest, 1.0) * across, 1)
    down = _TOP + _ROW * k
    shown = row.name if len(row.name) <= _MOST_LETTERS else f"{row.name[: _MOST_LETTERS - 1]}…"
    yield tag("text", shown, x=_LEFT - 6, y=down + 14, text_anchor="end")
    yield tag("rect", x=_LEFT, y=down + 3, width=length, height=_ROW - 7, class_="fill-0")
    yield tag("text", row.text, x=_LEFT + length + 5, y=down + 14)


def figure(chart: Chart, height: float, drawn: Html, told: Sequence[str]) -> Html:
    """Frame a drawing with its title; `told` says the same in words."""
    words = f"{chart.title}, {chart.note}. " + "; ".join(told)
    picture = tag(
        "svg", drawn, viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=words,
        class_="chart",
    )  # fmt: skip
    caption = tag("figcaption", tag("b", chart.title), tag("span", chart.note))
    return tag("figure", caption, picture)

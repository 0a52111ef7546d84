"""How an amount spreads over a range."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from microdc.report.page.charts.bars import WIDTH, Chart, figure
from microdc.report.page.markup import Html, joined, tag
from microdc.report.words import number

_BINS, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 20, 170, 44, 14, 10, 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """
    What is heaped up, and where.

    `unit` is that of the range from 0 to `most`, `of` that of the heaps; at `limit` stands a line.
    """

    unit: str
    of: str
    limit: float | None
    most: float


def histogram(chart: Chart, values: Sequence[tuple[float, float]], heap: Heap) -> Html | None:
    """Draw how much (second) there is of each value (first); None where there is nothing."""
    if not values:
        return None
    room = 1.05 if heap.limit is not None else 1.0
    amounts = [0.0] * _BINS
    for value, amount in values:
        amounts[min(_BINS - 1, int(value / heap.most * _BINS))] += amount
    highest = max(amounts) or 1.0
    drawn = joined(
        *_axes(heap, highest, room),
        *_bars(amounts, highest, room),
        *_limit(heap, room),
    )
    width = heap.most / _BINS
    told = [
        f"{number(k * width)} to {number((k + 1) * width)} {heap.unit}: "
        f"{number(amount, 1)} {heap.of}"
        for k, amount in enumerate(amounts)
        if amount
    ]
    return figure(chart, _HEIGHT, drawn, told)


def _x(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _bars(amounts: list[float], highest: float, room: float) -> Iterator[Html]:
    for k, amount in enumerate(amounts):
        if amount:
            left, top = _x(k / _BINS / room), _y(amount / highest)
            width, height = round(_x((k + 1) / _BINS / room) - left - 1, 1), round(_y(0) - top, 1)
            yield tag("rect", x=left, y=top, width=width, height=height, class_="fill-0")


def _axes(heap: Heap, highest: float, room: float) -> Iterator[Html]:
    yield tag("line", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(0), class_="axis")
    for part in (0.0, 0.5, 1.0):
        at = _x(part / room)
        yield tag("text", f"{part * heap.most:g}", x=at, y=_y(0) + 16, text_anchor="middle")
    yield tag("text", heap.unit, x=_x(1), y=_y(0) + 30, text_anchor="end")
    for part in (0.0, 1.0):
        text = f"{part * highest:,.3g}"
        yield tag("text", text, x=_LEFT - 6, y=_y(part) + 4, text_anchor="end")


def _limit(heap: Heap, room: float) -> Iterator[Html]:
    if heap.limit is not None:
        at = _x(heap.limit / heap.most / room)
        yield tag("line", x1=at, y1=_y(1), x2=at, y2=_y(0), class_="limit")

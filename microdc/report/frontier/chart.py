"""A frontier as a picture: cost and bound along x, drawn by hand as SVG."""

from html import escape
from typing import Any

import numpy as np

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 24, 48, 64
_TICKS = 5
_COST, _BOUND, _INK = "#0b6e4f", "#c46a00", "#333333"


class _Paper:
    """Where values lie on the picture."""

    def __init__(self, x: list[float], y: list[float]) -> None:
        self.x, self.y = _range(x), _range(y)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give the place of a value, in pixels."""
        (x0, x1), (y0, y1) = self.x, self.y
        across = _LEFT + (x - x0) / (x1 - x0) * (_WIDTH - _LEFT - _RIGHT)
        down = _HEIGHT - _BOTTOM - (y - y0) / (y1 - y0) * (_HEIGHT - _TOP - _BOTTOM)
        return round(across, 1), round(down, 1)


def chart(told: dict[str, Any]) -> str:
    """Draw a frontier, as `to_document` tells it; SVG."""
    planned = [point for point in told["points"] if point["cost"] is not None]
    if not planned:
        return _svg([_text(_WIDTH / 2, _HEIGHT / 2, "no plans", anchor="middle")])
    x = [point["x"] for point in planned]
    ends = [point[key] for point in planned for key in ("cost", "bound")]
    paper = _Paper(x, ends)
    cost = [paper.at(point["x"], point["cost"]) for point in planned]
    bound = [paper.at(point["x"], point["bound"]) for point in planned]
    what = least_of(told)["of"]
    drawn = [
        *_axes(paper, told),
        _line(bound, _BOUND, dashed=True),
        _line(cost, _COST),
        *(f'<circle cx="{a}" cy="{b}" r="4" fill="{_COST}"/>' for a, b in cost),
        *_knee(paper, told["knee"]),
        _text(_WIDTH - _RIGHT, _TOP - 26, f"{what} of a verified plan", anchor="end", fill=_COST),
        _text(_WIDTH - _RIGHT, _TOP - 10, "bound: no plan has less", anchor="end", fill=_BOUND),
    ]
    return _svg(drawn)


def least_of(told: dict[str, Any]) -> dict[str, str]:
    """Give what a frontier is of and its unit; those of an older version are of cost."""
    return dict(told.get("least", {"of": "cost", "unit": f"M {told['currency']} a year"}))


def _range(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.5
    return low - room, high + room


def _axes(paper: _Paper, told: dict[str, Any]) -> list[str]:
    """Draw both axes with ticks, and say what they are and in what unit."""
    corner, right = paper.at(paper.x[0], paper.y[0]), paper.at(paper.x[1], paper.y[0])
    top = paper.at(paper.x[0], paper.y[1])
    drawn = [_line([top, corner, right], _INK)]
    for value in np.linspace(*paper.x, _TICKS):
        at = paper.at(float(value), paper.y[0])
        drawn.append(_text(at[0], at[1] + 18, f"{value:,.4g}", anchor="middle"))
    for value in np.linspace(*paper.y, _TICKS):
        at = paper.at(paper.x[0], float(value))
        drawn.append(_text(at[0] - 8, at[1] + 4, f"{value:,.5g}", anchor="end"))
    unit = f" ({told['unit']})" if told["unit"] else ""
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    drawn.append(_text(middle, _HEIGHT - 20, told["title"] + unit, anchor="middle"))
    least = least_of(told)
    drawn.append(_text(12, _TOP - 18, f"least {least['of']} ({least['unit']})"))
    return drawn


def _knee(paper: _Paper, knee: dict[str, Any] | None) -> list[str]:
    if knee is None:
        return []
    a, b = paper.at(knee["x"], knee["cost"])
    ring = f'<circle cx="{a}" cy="{b}" r="9" fill="none" stroke="{_COST}" stroke-width="2"/>'
    return [ring, _text(a, b - 14, "knee", anchor="middle", fill=_COST)]


def _line(places: list[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{a},{b}" for a, b in places)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'


def _text(x: float, y: float, says: str, *, anchor: str = "start", fill: str = _INK) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{escape(says)}</text>'


def _svg(drawn: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="13">'
    )
    return "\n".join(
        [head, '<rect width="100%" height="100%" fill="white"/>', *drawn, "</svg>", ""]
    )

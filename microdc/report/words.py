"""Numbers and other people's text, as they stand on a terminal."""

import math

from rich.text import Text

NONE = "–"

METHODS = {
    "cuts": "cutting planes",
    "textbook": "textbook model",
    "pairs": "textbook model on the pairs that matter",
    "assignment": "places assigned whole, to one site each",
}
"""How a plan was found."""


def plain(value: object) -> Text:
    """Give text from a file as it is: no markup, and nothing that moves the cursor."""
    shown = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(value)
    )
    return Text(shown)


def number(value: float | None, decimals: int = 2) -> str:
    """Give a number with thousands separated, or a dash where there is none."""
    if value is None or math.isnan(value):
        return NONE
    return f"{value:,.{decimals}f}"


def percent(share: float | None) -> str:
    """Give a share in per cent, to three digits that count; a dash where there is none."""
    if share is None or not math.isfinite(share):
        return NONE
    return f"{0.0 if abs(share) < 1e-7 else 100 * share:.3g} %"

"""What every figure has in common: colours, fonts, and files that are the same every time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INK, GREY, PALE = "#20262c", "#8a8f94", "#c9cccf"
# Colour-blind safe (Okabe and Ito 2008), the strongest first.
CLASSES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
COST, BOUND = "#0072B2", "#D55E00"

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so text is set alike everywhere
    "font.size": 8,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "microdc",
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
}
_UNDATED: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "microdc"},
    "pdf": {"CreationDate": None, "Creator": "microdc", "Producer": None},
}
"""Neither dates nor versions, so that the same plan gives the same bytes."""


@contextmanager
def style() -> Iterator[None]:
    """Let figures be drawn in our style, whatever the user's settings say."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def sheet(wide: float, high: float) -> Figure:
    """Give an empty figure (inches) that belongs to no window."""
    return Figure(figsize=(wide, high), layout="constrained")


def credited(figure: Figure, credits: Iterable[str]) -> None:
    """Name below a figure whom the inputs ask to be credited."""
    told = "; ".join(credits)
    if told:
        figure.supxlabel(f"Data: {plain(told)}", fontsize=5, color=GREY, wrap=True)


def plain(text: str) -> str:
    """Give text as it is: matplotlib would set what stands between dollars as a formula."""
    return text.replace("$", r"\$")


def save(figure: Figure, path: Path) -> Path:
    """Write a figure in the format of the path's suffix; give the path."""
    kind = path.suffix.removeprefix(".")
    figure.savefig(path, format=kind, metadata=_UNDATED[kind], facecolor="white")
    return path

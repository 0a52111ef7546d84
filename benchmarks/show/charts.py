"""Charts from measured records, the same bytes each time."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.names import METHODS
from benchmarks.processes.trail import Mark

# Colour-blind safe (Okabe and Ito 2008), microdc the strongest.
COLOUR = dict(
    zip(
        METHODS,
        ("#D55E00", "#0072B2", "#999999", "#009E73", "#CC79A7", "#E69F00"),
        strict=True,
    )
)
INK = "#20262c"
SMALLEST_GAP = 1e-5  # what is nearer its bound is drawn here


def gaps_over_time(measured: dict[str, Any], picture: Path) -> None:
    """Draw the proven gap of every method against time, a panel for each instance."""
    records = measured["records"]
    instances = list(dict.fromkeys(r["instance"] for r in records))
    figure, panels = _figure(len(instances))
    for ax, instance in zip(panels, instances, strict=True):
        for r in records:
            marks = [Mark(**mark) for mark in r["trail"]]
            known = [
                (m.seconds, 100 * max(m.gap, SMALLEST_GAP)) for m in marks if m.gap is not None
            ]
            if r["instance"] != instance or not known:
                continue
            seconds, gap = zip(*known, strict=True)
            ax.step(seconds, gap, where="post", color=COLOUR[r["method"]], label=r["method"])
            ax.plot(seconds[-1], gap[-1], "o", ms=4, color=COLOUR[r["method"]])
        ax.set(xscale="log", yscale="log", xlabel="seconds, building included", title=instance)
    panels[0].set_ylabel("proven gap, %")
    _save(figure, panels[-1], picture)


def scaling(measured: dict[str, Any], picture: Path) -> None:
    """Draw seconds to the asked gap and peak memory against pairs."""
    figure, panels = _figure(2)
    solved = [r for r in measured["records"] if r["ended"] == "within gap"]
    for method in dict.fromkeys(r["method"] for r in solved):
        rows = sorted((r for r in solved if r["method"] == method), key=lambda r: r["pairs"])
        pairs = [r["pairs"] for r in rows]
        for ax, key in zip(panels, ("solve_s", "peak_mb"), strict=True):
            ax.plot(pairs, [r[key] for r in rows], "o-", color=COLOUR[method], label=method)
            ax.set(xscale="log", yscale="log", xlabel="pairs within bound")
    panels[0].set_ylabel("seconds to a gap of 0.02 %")
    panels[1].set_ylabel("peak memory, MB")
    _save(figure, panels[0], picture)


def _figure(panels: int) -> tuple[Figure, list[Axes]]:
    mpl.use("agg")
    mpl.rcParams["svg.hashsalt"] = "microdc"  # names of clip paths are random otherwise
    figure, axes = plt.subplots(1, panels, figsize=(4.6 * panels, 3.8), squeeze=False)
    for ax in axes[0]:
        ax.grid(color="#dddddd", linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(colors=INK)
    return figure, list(axes[0])


def _save(figure: Figure, legend_on: Axes, picture: Path) -> None:
    lines = {line.get_label(): line for ax in figure.axes for line in ax.get_lines()}
    named = {method: lines[method] for method in METHODS if method in lines}
    legend_on.legend(named.values(), named.keys(), frameon=False, fontsize=9)
    figure.tight_layout()
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Date": None})
    plt.close(figure)

"""Figures for papers, drawn by matplotlib: the map of a plan, its convergence, a frontier."""

from microdc.report.figures.write import write_figures, write_frontier_figure

__all__ = ["write_figures", "write_frontier_figure"]

"""A plan as one page for a browser: nothing beside it is needed, and nothing is asked for."""

from microdc.report.page.write import write_report

__all__ = ["write_report"]

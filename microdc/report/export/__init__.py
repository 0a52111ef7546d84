"""A plan in the formats of other programs, and back from them to the same numbers."""

from microdc.report.export.back import read_export
from microdc.report.export.write import export_plan

__all__ = ["export_plan", "read_export"]

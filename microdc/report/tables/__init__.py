"""What the terminal shows: functions that return something to print."""

from microdc.report.tables.inputs import facts, fit
from microdc.report.tables.layout import listed
from microdc.report.tables.outages import levels
from microdc.report.tables.plan import plan_shown

__all__ = ["facts", "fit", "levels", "listed", "plan_shown"]

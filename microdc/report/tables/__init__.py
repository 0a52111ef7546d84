"""What the terminal shows: functions that return something to print."""

from microdc.report.tables.inputs import facts, fit
from microdc.report.tables.layout import listed
from microdc.report.tables.plan import compared, plan_shown

__all__ = ["compared", "facts", "fit", "listed", "plan_shown"]

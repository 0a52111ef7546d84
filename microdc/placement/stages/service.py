"""How much a programme serves before a date, beside the most that any can: its time to power."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToPower:
    """
    What is served before a month (YYYY-MM), in MW-months of IT, and what no programme exceeds.

    Of several futures, both are those to be expected.
    """

    before: str
    served_mw_months: float
    at_most_mw_months: float

    @property
    def gap(self) -> float:
        """How far what is served may be from the most possible, as a share of it."""
        most = self.at_most_mw_months
        return (most - self.served_mw_months) / most if most > 0 else 0.0

"""Which objectives a study can be asked of: what compares least costs is refused to others."""

from microdc.errors import UsageError
from microdc.scenario import Scenario
from microdc.scenario.parts.objective import words

LEAST_COST = ("least-cost",)


def expect_aims(scenario: Scenario, study: str, *, allowed: tuple[str, ...] = LEAST_COST) -> None:
    """
    Refuse a scenario that asks for anything but `allowed` objectives, of any number.

    `study` is what is asked for, in the plural. A bound on the cost of plans that build as few
    sites, or answer as soon, is none on the cost of a scenario in which others do so.
    Raises UsageError.
    """
    if set(scenario.objective) <= set(allowed):
        return
    msg = (
        f"{scenario.name} asks for {words(scenario.objective)}, {study} for {' or '.join(allowed)}"
    )
    raise UsageError(
        msg, hint=f"ask for objective: {allowed[0]} in a scenario that extends this one"
    )


def expect_split(scenario: Scenario, study: str) -> None:
    """
    Refuse a scenario with a class that may not be split a study that knows only split service.

    Raises UsageError.
    """
    for name, stated in scenario.services.items():
        if not stated.split:
            msg = f"{scenario.name} states split: false of {name}, which {study} do not know yet"
            raise UsageError(msg, hint="state split: true in a scenario that extends this one")

"""What a plan is best at, and in which order."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.sources import listed

Objective = Literal[
    "least-cost", "most-served", "fewest-sites", "least-worst-rtt", "least-mean-rtt"
]

Objectives = Annotated[tuple[Objective, ...], BeforeValidator(listed), Field(min_length=1)]


def words(objective: tuple[str, ...]) -> str:
    """Write objectives as a plan states them: in their order."""
    return ", ".join(objective)

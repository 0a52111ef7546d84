"""How long and how exactly to search."""

from typing import Annotated, Literal

from pydantic import Field

from microdc.scenario.words import Number, Section, Whole


class Solve(Section):
    """How long and how exactly to search."""

    gap: Annotated[Number, Field(ge=0, le=1)] = 0.001
    """Stop when cost and bound are this near, as a share of the cost."""

    time_limit_s: Annotated[Number, Field(gt=0, le=1e7)] = 60.0
    """Stop after this long (s) with the best plan so far and its bound."""

    threads: Annotated[Whole, Field(ge=1, le=1024)] = 2
    """Threads of the solver, and processes that search."""

    seed: Whole = 0
    """Seed of the solver's random choices."""

    formulation: Literal["auto", "compact"] = "auto"
    """How the model is written: projected with cuts (auto), or the textbook form (compact)."""

"""Of which programme a plan is a stage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfStage:
    """
    The stage that a plan is of: it was planned with all others, and is as near the best as they.

    name, programme
        Of the stage, and of the scenario that has it.
    gap
        That of the whole programme, as a share of its net present cost.
    kept
        Sites (ids) of the stage before, which stay.
    future
        In which future the stage is; None: there are none, or it is the same in all.
    """

    name: str
    programme: str
    gap: float
    kept: list[str]
    future: str | None = None

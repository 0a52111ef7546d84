"""What `stages.json` must hold to be a programme: nothing missing, nothing left unverified."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from microdc.errors import Fault, InputError
from microdc.placement.verify.document.part import Count, Part

STAGES = "stages.json"
STAGES_FORMAT = 1


class Grown(Part):
    """A site that is larger than in the stage before (MW)."""

    id: str
    from_mw: float
    to_mw: float


class Alone(Part):
    """The separately best plan of a stage (millions a year)."""

    cost_mn_yr: float
    bound_mn_yr: float
    gap: Annotated[float, Field(ge=0)]
    sites: Count


class StageTold(Part):
    """A stage: its folder, its dates, what it comes to and what it adds."""

    name: str
    folder: str
    begins: Annotated[str, Field(alias="from")]
    ends: Annotated[str, Field(alias="to")]
    weight_yr: Annotated[float, Field(alias="weight", gt=0)]
    sites: Count
    mw: float
    served_mw_it: float
    demand_mw_it: float
    cost_mn_yr: float
    capital_mn: float
    added: list[str]
    grown: list[Grown]
    alone: Alone | None
    future: str | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    after: str | None = None


class Nestedness(Part):
    """The programme less its stages planned separately (millions, net present)."""

    cost_mn: float
    at_least_mn: float
    at_most_mn: float


class BestKnowing(Part):
    """The best programme of a future, planned as though it were sure."""

    cost_mn: float
    bound_mn: float
    first: list[str]
    last: list[str]


class InFuture(Part):
    """A future, what the programme costs in it, and the best that knew of it (millions)."""

    name: str
    probability: Annotated[float, Field(gt=0, le=1)]
    cost_mn: float
    best: BestKnowing | None


class TimeToPower(Part):
    """What is served before a month, and what no programme exceeds (MW-months of IT)."""

    before: str
    served_mw_months: float
    at_most_mw_months: float


class Appears(Part):
    """How likely a site is in the best programme of a future: at first, and in the end."""

    id: str
    first: float
    last: float


class ProgrammeTold(Part):
    """All that `stages.json` says."""

    schema_: Annotated[int, Field(alias="schema")]
    name: str
    microdc: str
    currency: str
    status: str
    cost_mn: float
    bound_mn: float
    gap: Annotated[float, Field(ge=0)]
    risk: Literal["expected", "cvar", "worst-cost", "worst-regret"] = "expected"
    cvar_level: Annotated[float, Field(ge=0, lt=1)] | None = None
    expected_mn: float | None = None
    seconds: Annotated[float, Field(ge=0)]
    discount_rate: Annotated[float, Field(ge=0, le=1)]
    pilots: Literal["all-stages", "first-stage"] = "all-stages"
    time_to_power: TimeToPower | None = None
    stages: Annotated[list[StageTold], Field(min_length=1)]
    nestedness: Nestedness | None
    futures: list[InFuture] = Field(default_factory=list)
    appears: list[Appears] = Field(default_factory=list)


def read_programme(folder: Path) -> ProgrammeTold:
    """Read `stages.json`; raise InputError if it is missing, damaged or of another format."""
    path = folder / STAGES
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Fault(file=str(path), says=f"cannot be read: {error}")]) from None
    version = content.get("schema") if isinstance(content, dict) else None
    if version != STAGES_FORMAT:
        says, allowed = "is no programme of this version", f"schema {STAGES_FORMAT}"
        raise InputError([Fault(file=str(path), says=says, allowed=allowed)])
    try:
        return ProgrammeTold.model_validate(content)
    except ValidationError as error:
        raise InputError(
            Fault(
                file=str(path),
                at=".".join(str(part) for part in detail["loc"]),
                says=detail["msg"],
                allowed="as microdc wrote it",
            )
            for detail in error.errors()
        ) from None

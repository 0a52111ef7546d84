"""What every mapping in `plan.json` has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Step = Annotated[tuple[float, float | None, float | None], Field(strict=False)]
"""Seconds, cost and bound of the search, a list in JSON."""


class Part(BaseModel):
    """A mapping in `plan.json`: nothing missing, nothing that nobody verifies."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

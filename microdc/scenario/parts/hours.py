"""Hours in which service is promised, how firm connections are, and what load may wait."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from microdc.scenario.parts.sources import DemandSource, listed, none_if_off
from microdc.scenario.words import NonNegative, Section, Share, Text, Whole

USES = r"all|peak|[1-9][0-9]{0,2} days?"


class ProfileSource(DemandSource):
    """One table of hours: what substations, groups of them and services have or want in each."""


def listed_paths(value: Any) -> Any:
    """Take one table as a list of one, and the path of a file as a table."""
    return [{"path": one} if isinstance(one, str) else one for one in listed(value)]


def _use(text: str) -> str:
    if not re.fullmatch(USES, text):
        allowed = "all, peak, or a number of days from 1 to 999 such as 12 days"
        raise PydanticCustomError("use", "is no choice of hours", {"allowed": allowed})
    return text


class Hours(Section):
    """Hours in which service is promised; left out: at the peak, with all that is connected."""

    profiles: Annotated[
        tuple[ProfileSource, ...], BeforeValidator(listed_paths), Field(min_length=1)
    ]
    """Tables of hours: a path, a table or a list of them; what has no profile is constant."""

    use: Annotated[
        Text, AfterValidator(_use), WithJsonSchema({"type": "string", "pattern": f"^({USES})$"})
    ] = "all"
    """
    In which of the tables' hours service is promised: `all`; the `peak` day, which has the hour of
    least headroom; or that and others that stand for the year, so many `days` of 24 hours in UTC.
    """

    @property
    def days(self) -> int | None:
        """How many days stand for the year; None: not so many as that."""
        return None if self.use in ("all", "peak") else int(self.use.split()[0])


class Connection(Section):
    """How firm the grid connections are."""

    type: Literal["firm", "flexible"] = "firm"
    """
    Firm: no larger than the least headroom of any hour. Flexible: larger, as far as the terms below
    allow, each at every substation and limit by itself; the site draws less where there is less.
    """

    max_hours_per_yr: NonNegative | None = None
    """Most hours of a year with less headroom than was connected; left out: any."""

    max_mwh_per_mw_yr: NonNegative | None = None
    """Most energy (MWh a year for each MW connected) out of reach in them; left out: any."""

    max_run_h: NonNegative | None = None
    """Most of them (h) in one go; left out: any."""

    @property
    def terms(self) -> dict[str, float]:
        """The limits that are stated."""
        return self.model_dump(exclude={"type"}, exclude_none=True)


class Defer(Section):
    """Load that may wait for a later hour of its day."""

    share: Share
    """Share of the load of each hour that may wait."""

    hours: Annotated[Whole, Field(ge=1, le=23)]
    """How many hours it may wait at most; it never waits beyond its day."""


def of_type(value: Any) -> Any:
    """Take a connection's type alone as a connection of that type, and `off` as a firm one."""
    if value is False or value == "off":
        return {}
    return {"type": value} if isinstance(value, str) else value


OneHours = Annotated[Hours | None, BeforeValidator(none_if_off)]
"""Hours, or `off`."""

OneConnection = Annotated[Connection, BeforeValidator(of_type)]
"""A connection, or its type alone."""

OneDefer = Annotated[Defer | None, BeforeValidator(none_if_off)]
"""What may wait, or `off`: nothing."""

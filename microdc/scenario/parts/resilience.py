"""Which outages a plan survives, and what a class keeps in every one of them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.sources import listed, none_if_off
from microdc.scenario.words import Positive, Section, Share, Whole


class Resilience(Section):
    """What may be out, one thing at a time or two together, while every promise is kept."""

    survive: Annotated[
        tuple[Literal["site", "node", "zone"], ...], BeforeValidator(listed), Field(min_length=1)
    ]
    """
    What may be out: any site or hub; any node of the power tree with all at and below it; all sites
    and hubs in any of the `zones`.
    """

    at_once: Annotated[Whole, Field(ge=1, le=2)] = 1
    """How many of them are out together; 2 stands for any two, of one kind or of different ones."""


class Outage(Section):
    """What a class keeps of its service in every outage that is to be survived."""

    served: Share
    """Share of what a place is served in order that it is still served, 1 for all of it."""

    rtt_ms: Positive | None = None
    """Longest round trip in an outage (ms), no less than in order; left out: the same."""


OneResilience = Annotated[Resilience | None, BeforeValidator(none_if_off)]
"""What is survived, or `off`."""

OneOutage = Annotated[Outage | None, BeforeValidator(none_if_off)]
"""What a class keeps, or `off`: no promise."""

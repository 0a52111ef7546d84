"""Faults of service by one site: a share of a point, and what it cannot be combined with yet."""

from collections.abc import Callable, Iterator

from microdc.scenario.grammar import Service
from microdc.scenario.parts.hours import Hours
from microdc.scenario.parts.resilience import Resilience
from microdc.yaml12 import Finding

Services = dict[str, Service]
Check = tuple[tuple[str, ...], Callable[..., Iterator[Finding]]]


def _all_or_nothing(services: Services) -> Iterator[Finding]:
    """Refuse a share to be served of what is served whole or not at all."""
    for name, service in services.items():
        if not service.split and 0 < service.floor < 1:
            says = "means nothing with split: false, which serves a place whole or not at all"
            at, allowed = ("services", name, "min_served"), "0, or 1"
            yield Finding(at, says, f"{service.min_served:g}", allowed)


def _alone(
    services: Services,
    hours: Hours | None,
    resilience: Resilience | None,
    stages: tuple[object, ...],
) -> Iterator[Finding]:
    """Refuse what a plan with one site for each point does not count yet."""
    stated = {
        "hours": hours is not None,
        "resilience": resilience is not None,
        "stages": bool(stages),
    }
    beside = [what for what, is_stated in stated.items() if is_stated]
    for name, service in services.items():
        for what in beside if not service.split else []:
            says = f"is not supported yet together with {what}"
            yield Finding(("services", name, "split"), says, "false", f"true, or without {what}")


CHECKS: tuple[Check, ...] = (
    (("services",), _all_or_nothing),
    (("services", "hours", "resilience", "stages"), _alone),
)

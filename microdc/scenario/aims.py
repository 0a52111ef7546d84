"""Faults of what a plan is to be best at, and of limits that speak of the same."""

from collections.abc import Callable, Iterator

from microdc.scenario.grammar import Service
from microdc.scenario.parts.hours import Hours
from microdc.scenario.parts.stages.grammar import Stage
from microdc.scenario.siting import Limits
from microdc.yaml12 import Finding

Check = tuple[tuple[str, ...], Callable[..., Iterator[Finding]]]

_SCARCE = ("most-served", "least-worst-rtt", "least-mean-rtt")
_PROMISING = ("fewest-sites", "least-worst-rtt")


def _scarce(
    objective: tuple[str, ...], limits: Limits, stages: tuple[Stage, ...]
) -> Iterator[Finding]:
    """
    Refuse to serve most, or soonest, with as many sites and as much capital as one likes.

    In stages time is scarce: headroom and sites come when they do.
    """
    limited = limits.max_sites is not None or limits.budget_mn is not None or bool(stages)
    for place, one in enumerate(objective):
        scarce = limited or "fewest-sites" in objective[:place]
        if one in _SCARCE and not scarce:
            says = "needs something to be scarce"
            yield Finding(("objective",), says, one, "with limits.max_sites or limits.budget_mn")


def _in_order(objective: tuple[str, ...]) -> Iterator[Finding]:
    """Refuse what is asked for twice, and what would come after least cost."""
    if len(set(objective)) < len(objective):
        yield Finding(("objective",), "names one twice", ", ".join(objective), "each once")
    if "least-cost" in objective[:-1]:
        says = "has something after least cost, within which there is no choice left"
        yield Finding(("objective",), says, ", ".join(objective), "least-cost last")


def _promising(objective: tuple[str, ...], services: dict[str, Service]) -> Iterator[Finding]:
    """Refuse objectives that only what must be served gives a meaning."""
    for one in [one for one in objective if one in _PROMISING]:
        if not any(service.floor > 0 for service in services.values()):
            says, allowed = "needs a class that must be served", "min_served of some class"
            yield Finding(("objective",), says, one, allowed)


def _round_trips(
    objective: tuple[str, ...], limits: Limits, hours: Hours | None
) -> Iterator[Finding]:
    """Refuse what is asked of round trips that hours move about."""
    if hours is None:
        return
    says, allowed = "is not supported yet together with hours", "without hours"
    for one in ("least-worst-rtt", "least-mean-rtt"):
        if one in objective:
            yield Finding(("objective",), says, one, allowed)
    if limits.mean_rtt_ms is not None:
        yield Finding(("limits", "mean_rtt_ms"), says, f"{limits.mean_rtt_ms:g}", allowed)


CHECKS: tuple[Check, ...] = (
    (("objective", "limits", "stages"), _scarce),
    (("objective",), _in_order),
    (("objective", "services"), _promising),
    (("objective", "limits", "hours"), _round_trips),
)

"""Faults of stages, and what they cannot be combined with yet."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from microdc.scenario.parts.hours import Hours
from microdc.scenario.parts.resilience import Resilience
from microdc.scenario.parts.sources import PairPrices
from microdc.scenario.parts.stages.grammar import Future, Programme, Stage, WorksSource
from microdc.scenario.siting import Limits
from microdc.yaml12 import Finding

Stages = tuple[Stage, ...]
Check = tuple[tuple[str, ...], Callable[..., Iterator[Finding]]]


def _in_order(stages: Stages) -> Iterator[Finding]:
    """Refuse names used twice, on any system, dates that do not rise, and less than before."""
    seen: set[str] = set()
    for number, stage in enumerate(stages):
        if stage.name.casefold() in seen:
            yield Finding(("stages", number, "name"), "is used before", stage.name)
        seen.add(stage.name.casefold())
    for number, (before, stage) in enumerate(pairwise(stages), start=1):
        if stage.by <= before.by:
            allowed = f"after that of {before.name}, {before.by}"
            yield Finding(("stages", number, "by"), "is no later month", stage.by, allowed)
        for key in ("max_sites", "budget_mn"):
            most, least = getattr(stage, key), getattr(before, key)
            if most is not None and least is not None and most < least:
                says = "is less than in the stage before, whose sites stay"
                yield Finding(("stages", number, key), says, f"{most:g}", f"at least {least:g}")


def _futures(stages: Stages, futures: tuple[Future, ...]) -> Iterator[Finding]:
    """Refuse futures of nothing, used twice, or of probabilities that are not all there is."""
    if futures and len(stages) < 2:
        says = "mean nothing without a second stage: the first is the same in all"
        yield Finding(("futures",), says, allowed="with two stages or more")
    names = {stage.name.casefold() for stage in stages}
    for number, future in enumerate(futures):
        for name in {f"{stage.name}-{future.name}".casefold() for stage in stages[1:]} & names:
            yield Finding(("futures", number, "name"), "makes a folder's name twice", name)
        names |= {f"{stage.name}-{future.name}".casefold() for stage in stages[1:]}
    total = sum(future.probability for future in futures)
    if futures and abs(total - 1) > 1e-6:
        yield Finding(("futures",), "the probabilities do not sum to 1", f"{total:.6g}", "1")


def _settled(stages: Stages, limits: Limits) -> Iterator[Finding]:
    forced = len(set(limits.force))
    for number, stage in enumerate(stages):
        if stage.max_sites is not None and stage.max_sites < forced:
            says, found = "is less than the sites forced", f"{stage.max_sites}"
            yield Finding(("stages", number, "max_sites"), says, found, f"at least {forced}")


def _served(stages: Stages, services: dict[str, object]) -> Iterator[Finding]:
    for number, stage in enumerate(stages):
        for name in stage.min_served:
            if name not in services:
                allowed = ", ".join(services)
                at = ("stages", number, "min_served", name)
                yield Finding(at, "is no service", allowed=allowed)


def _dated(
    stages: Stages, programme: Programme, works: tuple[WorksSource, ...]
) -> Iterator[Finding]:
    """Refuse dates that nothing waits for, and lead times that begin nowhere."""
    stated = {"programme": bool(programme.model_fields_set), "works": bool(works)}
    if not stages:
        for key in [key for key, told in stated.items() if told]:
            says, allowed = "means nothing without stages", "with stages: [{name: ..., by: ...}]"
            yield Finding((key,), says, allowed=allowed)
    begins = programme.begins
    if programme.lead_times and begins is None:
        says, allowed = "count from nowhere", "with begins: YYYY-MM"
        yield Finding(("programme", "lead_times"), says, allowed=allowed)
    if stages and begins is not None and begins > stages[0].by:
        allowed = f"at the latest that of the first stage, {stages[0].by}"
        yield Finding(("programme", "begins"), "is after the first stage", begins, allowed)


_ALLOWED = ({"least-cost"}, {"most-served"}, {"most-served", "least-cost"})


def _counted(stages: Stages, programme: Programme, objective: tuple[str, ...]) -> Iterator[Finding]:
    """Refuse a date until which service counts where it does not, or before there is any."""
    before, at = programme.served_before, ("programme", "served_before")
    if not stages or before is None:
        return
    if "most-served" not in objective:
        yield Finding(at, "means nothing if not most is to be served", before,
                      "with objective: most-served")  # fmt: skip
    if before <= stages[0].by:
        says = "is not after the first stage, so nothing is served before"
        yield Finding(at, says, before, f"after {stages[0].by}")


def _at_risk(
    stages: Stages, futures: tuple[Future, ...], programme: Programme, objective: tuple[str, ...]
) -> Iterator[Finding]:
    """Refuse a risk where there is none, or a level of another."""
    risk, level, at = programme.risk, programme.cvar_level, ("programme", "risk")
    if risk != "expected" and stages and not futures:
        yield Finding(at, "means nothing without futures", risk, "with futures: [...]")
    if risk != "expected" and "most-served" in objective:
        says = "is of costs, and is not supported yet together with most-served"
        yield Finding(at, says, risk, "expected, or objective: least-cost")
    if (risk == "cvar") != (level is not None):
        allowed = "risk: cvar with cvar_level: 0.8, or neither"
        if level is None:
            yield Finding(at, "needs a level", risk, allowed)
        else:
            yield Finding(("programme", "cvar_level"), "is that of cvar", f"{level:g}", allowed)


def _alone(
    stages: Stages,
    hours: Hours | None,
    resilience: Resilience | None,
    pair_prices: PairPrices | None,
    objective: tuple[str, ...],
) -> Iterator[Finding]:
    """Refuse what a plan in stages does not count yet."""
    beside = {"hours": hours, "resilience": resilience, "pair_prices": pair_prices}
    for key in [key for key, value in beside.items() if stages and value is not None]:
        says = f"are not supported yet together with {key}"
        yield Finding(("stages",), says, allowed=f"stages, or {key}")
    if stages and set(objective) not in _ALLOWED:
        says = "is not supported yet together with stages"
        yield Finding(("objective",), says, ", ".join(objective), "least-cost or most-served")


def _without_time(stages: Stages, services: dict[str, object], limits: Limits) -> Iterator[Finding]:
    """Refuse prices and limits of round trips."""
    says, allowed = "is not supported yet together with stages", "off, or without stages"
    for name, service in services.items():
        if stages and getattr(service, "rtt_price", ()):
            yield Finding(("services", name, "rtt_price"), says, allowed=allowed)
    if stages and limits.mean_rtt_ms is not None:
        found = f"{limits.mean_rtt_ms:g}"
        yield Finding(("limits", "mean_rtt_ms"), says, found, "without stages")


CHECKS: tuple[Check, ...] = (
    (("stages",), _in_order),
    (("stages", "futures"), _futures),
    (("stages", "limits"), _settled),
    (("stages", "services"), _served),
    (("stages", "programme", "works"), _dated),
    (("stages", "programme", "objective"), _counted),
    (("stages", "futures", "programme", "objective"), _at_risk),
    (("stages", "hours", "resilience", "pair_prices", "objective"), _alone),
    (("stages", "services", "limits"), _without_time),
)

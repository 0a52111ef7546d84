"""Objectives before cost: the plan is as good as it says, and no better is held to be possible."""

from collections.abc import Iterator

from microdc.placement.verify.facts import RTT_MS, Facts, Promise, told

WITHIN_GAP = "within gap"
HELD = ("fewest-sites", "least-worst-rtt")
"""Objectives of which a plan states what they came to."""


def bounds_ms(facts: Facts) -> dict[str, float]:
    """Give the bound of each class (ms) while nothing is out: its own, or the least worst."""
    worst_ms = _value(facts, "least-worst-rtt")
    return {
        name: stated.rtt_ms
        if worst_ms is None or stated.floor == 0
        else min(stated.rtt_ms, worst_ms)
        for name, stated in facts.scenario.services.items()
    }


def most_new_sites(facts: Facts) -> int | None:
    """Give the most new sites: as many as are allowed, or as few as will do; None: no limit."""
    fewest, allowed = _value(facts, "fewest-sites"), facts.scenario.limits.max_sites
    if fewest is None:
        return allowed
    return round(fewest) if allowed is None else min(round(fewest), allowed)


def objectives_reached(facts: Facts) -> list[str]:
    """What each objective came to is told, in order, and the plan is within it."""
    return told(_reached(facts))


def _reached(facts: Facts) -> Iterator[str]:
    stated = [one.objective for one in facts.document.certificate.reached]
    asked = [one for one in facts.scenario.objective if one in HELD]
    if stated != asked:
        yield f"says what {', '.join(stated) or 'no objective'} came to, asked are {asked}"
        return
    for one in facts.document.certificate.reached:
        if one.bound > one.value + RTT_MS:
            yield f"{one.objective}: {one.value:g} is less than {one.bound:g}, said to be the least"
        if facts.document.status == WITHIN_GAP and one.value > one.bound + RTT_MS:
            yield f"status within gap: {one.objective} came to {one.value:g}, proven {one.bound:g}"
    fewest, new = _value(facts, "fewest-sites"), int((facts.sites["existing_mw"] == 0).sum())
    if fewest is not None and new != fewest:
        yield f"{new} new sites are built, fewest-sites is said to come to {fewest:g}"
    yield from _sooner(facts)


def _sooner(facts: Facts) -> Iterator[str]:
    """Hold the proven shortest round trip against that of the plan; longer ones break bounds."""
    services = facts.scenario.services
    promised = [name for name, stated in services.items() if stated.floor > 0]
    true_ms = facts.served.loc[facts.served["service"].isin(promised), "true_rtt_ms"].max()
    for one in facts.document.certificate.reached:
        if one.objective == "least-worst-rtt" and true_ms < one.bound - RTT_MS:
            yield (
                f"no plan answers all promised within {one.bound:.6f} ms, says the plan, "
                f"which does within {true_ms:.6f} ms"
            )


def _value(facts: Facts, objective: str) -> float | None:
    reached = facts.document.certificate.reached
    return next((one.value for one in reached if one.objective == objective), None)


PROMISES: tuple[Promise, ...] = (objectives_reached,)

"""Objectives before cost: the plan is as good as it says, and no better is held to be possible."""

from collections.abc import Iterator

from microdc.placement.verify.facts import RTT_MS, Facts, Promise, told

WITHIN_GAP = "within gap"
MEAN_MS = 1e-5
"""A mean round trip is told to a hundredth of a microsecond."""
HELD = ("fewest-sites", "least-worst-rtt", "least-mean-rtt")
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


def mean_as_allowed(facts: Facts) -> list[str]:
    """The mean round trip is within its limit, and as short as an objective is said to reach."""
    return told(_mean(facts))


def _mean(facts: Facts) -> Iterator[str]:
    limit_ms, stated_ms = facts.scenario.limits.mean_rtt_ms, facts.document.most_mean_rtt_ms
    if stated_ms != limit_ms:
        yield f"says that the mean round trip is limited to {stated_ms} ms, it is to {limit_ms}"
    reached_ms, mean_ms = _value(facts, "least-mean-rtt"), _mean_rtt_ms(facts)
    if limit_ms is not None and mean_ms > limit_ms + MEAN_MS:
        yield f"the mean round trip is {mean_ms:.6f} ms, at most {limit_ms:g} are allowed"
    if reached_ms is not None and abs(mean_ms - reached_ms) > MEAN_MS:
        yield f"the mean round trip is {mean_ms:.6f} ms, the plan says {reached_ms:.6f}"


def _mean_rtt_ms(facts: Facts) -> float:
    """Work out the mean over the demand in reach, unserved demand at its bound; 0 where none is."""
    served, services = facts.served, facts.scenario.services
    by_service = facts.demand["mw_it"].groupby(level="service").sum()
    served_mw_it = served["mw_it"].groupby(served["service"]).sum()
    waited = float(served["mw_it"].to_numpy() @ served["true_rtt_ms"].to_numpy())
    counted = float(served_mw_it.sum())
    for row in facts.document.services:
        name, wanted = row.service, float(by_service.get(row.service, 0.0))
        left = wanted - float(served_mw_it.get(name, 0.0)) - row.out_of_reach_mw_it
        if name in services:
            waited += max(0.0, left) * services[name].rtt_ms
            counted += max(0.0, left)
    return waited / counted if counted > 0 else 0.0


def _reached(facts: Facts) -> Iterator[str]:
    stated = [one.objective for one in facts.document.certificate.reached]
    asked = [one for one in facts.scenario.objective if one in HELD]
    if stated != asked:
        yield f"says what {', '.join(stated) or 'no objective'} came to, asked are {asked}"
        return
    for one in facts.document.certificate.reached:
        if one.bound > one.value + RTT_MS:
            yield f"{one.objective}: {one.value:g} is less than {one.bound:g}, said to be the least"
        slack = RTT_MS + facts.document.worse_by * one.value
        if one.objective == "least-mean-rtt":
            slack += facts.document.certificate.asked_gap * one.value
        if facts.document.status == WITHIN_GAP and one.value > one.bound + slack:
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


PROMISES: tuple[Promise, ...] = (objectives_reached, mean_as_allowed)

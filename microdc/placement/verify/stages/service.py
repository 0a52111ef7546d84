"""Promises on time to power: what is served before a date, and that no more is held possible."""

import math
from collections.abc import Iterator

from microdc.placement.verify.document import TimeToPower
from microdc.placement.verify.facts import POWER_MW
from microdc.placement.verify.money import GAP, STATUSES
from microdc.placement.verify.stages.together import (
    Promise,
    Together,
    month_number,
    written_month,
)


def served_in_time(together: Together) -> Iterator[str]:
    """What is served before the date is what the plans serve; the most possible is no less."""
    said, programme = together.programme.time_to_power, together.scenario.programme
    if (said is not None) != ("most-served" in together.scenario.objective):
        yield "what is served before a date is told if, and only if, most is to be served"
        return
    if said is None:
        return
    end = max(month_number(one.ends) for one in together.programme.stages)
    stated = programme.served_before
    before = end if stated is None else min(end, month_number(stated))
    if said.before != written_month(before):
        true = written_month(before)
        yield f"service is said to count before {said.before}, asked is before {true}"
        return
    months = [
        one.probability * max(0, min(before, month_number(one.ends)) - month_number(one.begins))
        for one in together.programme.stages
    ]
    served = math.fsum(
        count * row.served_mw_it
        for count, plan in zip(months, together.plans, strict=True)
        for row in plan.services
    )
    yield from _miscounted(together, said, served, POWER_MW * math.fsum(months))


def _miscounted(
    together: Together, said: TimeToPower, served: float, slack: float
) -> Iterator[str]:
    """Hold what is said against what is served (MW-months), to within some slack."""
    most = said.at_most_mw_months
    if abs(said.served_mw_months - served) > slack:
        told = f"{said.served_mw_months:.4f} MW-months are said to be served"
        yield f"{told} before {said.before}, the plans serve {served:.4f}"
    if served > most + slack:
        yield f"at most {most:.4f} MW-months are said to be possible, the plans serve {served:.4f}"
    asked_gap = together.plans[0].certificate.asked_gap
    near = most - served <= (asked_gap + GAP) * most + slack
    if together.programme.status == STATUSES[0] and not near:
        yield f"status within gap: {served:.4f} MW-months served, {most:.4f} proven possible"


PROMISES: tuple[Promise, ...] = (served_in_time,)

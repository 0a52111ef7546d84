"""What a page knows of a plan: one object, its long tables by column to be short."""

from typing import Any

from microdc.placement.plan import Plan
from microdc.report.page.data.candidates import candidates
from microdc.report.page.data.hosts import hosts
from microdc.report.page.data.hours import hours
from microdc.report.page.data.outages import outages
from microdc.report.page.data.service import classes, places, service
from microdc.report.page.data.unserved import unserved
from microdc.report.page.inputs import Inputs


def block_of(
    plan: Plan, inputs: Inputs | None, why: dict[str, Any] | None = None
) -> dict[str, Any]:
    """
    Give all that a page draws.

    `hosts` are sites, then hubs, `classes` and `places` what `service` names by position: rows of
    `place`, `class`, `host` (-1: unserved), `mw_it` and `rtt_ms`. `candidates` is None where the
    inputs are not there; `outages` and `hours` where the plan has none; `unserved` where `why`,
    what `microdc explain` says of the plan, is not known.
    """
    return {
        "name": plan.name,
        "currency": plan.currency,
        "classes": classes(plan),
        "hosts": hosts(plan, inputs),
        "places": places(plan),
        "service": service(plan),
        "candidates": candidates(plan, inputs) if inputs else None,
        "outages": outages(plan, inputs),
        "hours": hours(plan),
        "unserved": None if why is None else unserved(plan, why),
    }

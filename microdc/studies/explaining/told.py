"""Answers as `--json` prints them: plain numbers, and None where nothing is known."""

import math
from dataclasses import asdict
from typing import Any

from microdc.explain.sites.changes import Change
from microdc.placement.parts.records import records
from microdc.report.explained.sites import sentences
from microdc.studies.explaining.headroom.value import Confirmed, Headroom
from microdc.studies.explaining.planned import Planned
from microdc.studies.explaining.sites.answers import Answer, Answers
from microdc.studies.explaining.sites.larger import Larger
from microdc.studies.explaining.sites.role import Role

Record = dict[str, Any]


def sites_told(answers: Answers) -> Record:
    """Give the answers about sites: `sites`, each with `sentences`, and what they rest on."""
    planned = answers.planned
    told = [_answer(one, planned) for one in answers.sites]
    return {**_rests_on(planned), "sites": told}


def headroom_told(headroom: Headroom) -> Record:
    """Give what headroom is worth: `more` and `less`, most first, and what they rest on."""
    return {
        **_rests_on(headroom.planned),
        "more": [_confirmed(row) for row in headroom.more],
        "less": [_confirmed(row) for row in headroom.less],
        "left_more": headroom.left_more,
        "left_less": headroom.left_less,
    }


def _rests_on(planned: Planned) -> Record:
    solved, plan, clock = planned.base.solved, planned.plan, planned.base.clock
    late = "interrupted" if clock.interrupted else "time limit"
    return {
        "status": late if clock.expired else "explained",
        "objective": plan.objective,
        "reached": [asdict(one) for one in plan.certificate.reached],
        "currency": plan.currency,
        "cost": solved.cost,
        "bound": solved.bound,
    }


def _answer(answer: Answer, planned: Planned) -> Record:
    priced, reason = answer.priced, answer.reason
    told: Record = {
        "site": answer.site,
        "name": answer.name,
        "status": answer.status,
        "objective": planned.plan.objective,
        "reached": [asdict(one) for one in planned.plan.certificate.reached],
        "stage": None if planned.plan.stage is None else asdict(planned.plan.stage),
        "reason": None if reason is None else {"kind": reason.kind, "says": reason.says},
        "change": None if priced is None else change_told(priced.change),
        "may_be_nothing": None if priced is None else priced.change.may_be_nothing,
        "by_prices_mn_yr": None if priced is None else priced.by_prices_mn_yr,
        "size_mw": answer.size_mw,
        "capital_per_mn_yr": answer.capital_per_mn_yr,
        "pushes_out": list(answer.pushes_out),
        "larger": None if answer.larger is None else _larger(answer.larger),
        "looser": [asdict(one) for one in answer.looser],
        "role": None if answer.role is None else _role(answer.role),
    }
    return {**told, "sentences": sentences(told, planned.plan.currency)}


def change_told(change: Change | None) -> Record | None:
    """Give a change of the least cost (millions a year); None where it was not asked."""
    if change is None:
        return None
    return {
        "least_mn_yr": _finite(change.least_mn_yr),
        "most_mn_yr": _finite(change.most_mn_yr),
        "found_mn_yr": change.found_mn_yr,
        "exactness": change.exactness,
    }


def _larger(larger: Larger) -> Record:
    return {
        "row": larger.row,
        "shared": larger.shared,
        "headroom_mw": _finite(larger.headroom_mw),
        "tried_mw": _finite(larger.tried_mw),
        "enough_mw": larger.enough_mw,
        "change": change_told(larger.change),
    }


def _role(role: Role) -> Record:
    return {
        "serves": records(role.serves.reset_index()),
        "cost_mn_yr": role.cost_mn_yr,
        "mn_per_mw_it_yr": _finite(role.mn_per_mw_it_yr),
    }


def _confirmed(row: Confirmed) -> Record:
    return {
        "id": row.row,
        "name": row.name,
        "headroom_mw": row.headroom_mw,
        "used_mw": row.used_mw,
        "changes": {step: change_told(change) for step, change in row.changes.items()},
        "served_mw_it": row.served_mw_it,
        "as_of": row.as_of,
        "source": row.source,
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

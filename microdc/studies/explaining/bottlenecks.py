"""Who is short of power in a scenario, or in a plan, and why."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from microdc.errors import UsageError
from microdc.explain.bottlenecks import Found, bottlenecks_of
from microdc.explain.mean_rtt import TooSoon, too_soon
from microdc.explain.named import Case, Told, case_of, named_bottlenecks
from microdc.explain.named.sentences import sentence
from microdc.inputs.read import read_region
from microdc.placement.plan import Plan
from microdc.placement.provenance import attributions
from microdc.placement.store import read_plan
from microdc.placement.verify.document import DOCUMENT
from microdc.placement.verify.stages import is_programme
from microdc.report.page.inputs import Inputs
from microdc.scenario import load_scenario
from microdc.solve.highs import Clock
from microdc.studies.aims import expect_split
from microdc.studies.explaining.farthest import Farthest, farthest_of
from microdc.studies.explaining.read_back import as_planned
from microdc.studies.explaining.unserved import Unserved, why_unserved
from microdc.studies.repairing import Repairs, apply_repair, prices_of, repairs_of
from microdc.workflow import settings_of

LEAST_S = 1.0
"""For repairs, where no time limit was asked for; or a third of what reading and naming took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    What is short in a scenario or a plan, each bottleneck with its names and in a sentence.

    status
        Of a scenario: `infeasible`, `nothing is short`, or `not known` where time ran out before
        either was sure. Of a plan: `unserved`, or `all is served`.
    unserved
        Of a plan: what it leaves unserved, by reason.
    repairs
        Of a scenario: what would cure it; None where nothing is short.
    complete
        Whether everything was looked at: what is not named can be served, all together.
    """

    name: str
    status: str
    bottlenecks: tuple[Told, ...]
    unserved: tuple[Unserved, ...] = ()
    complete: bool
    currency: str
    seconds: float
    attributions: tuple[str, ...]
    repairs: Repairs | None = None
    too_soon: TooSoon | None = None
    """Of a scenario in which nothing is short: the mean round trip that no plan has."""
    farthest: tuple[Farthest, ...] = ()
    """Of a plan for the shortest worst round trip: who sets it."""
    written: Path | None = None
    """The repaired scenario, where it was asked for."""

    def to_document(self) -> dict[str, Any]:
        """Give what `explanation.json` holds."""
        return {
            "status": self.status,
            "name": self.name,
            "complete": self.complete,
            "currency": self.currency,
            "bottlenecks": [
                {"sentence": sentence(told), **told.to_document()} for told in self.bottlenecks
            ],
            **({} if self.repairs is None else self.repairs.to_document()),
            "mean_rtt": self.too_soon
            and {"sentence": self.too_soon.sentence, **asdict(self.too_soon)},
            "unserved": [one.to_document(self.currency) for one in self.unserved],
            "worst_rtt": [one.to_document() for one in self.farthest],
            "seconds": self.seconds,
            "attributions": list(self.attributions),
        }


BRIEF_S = 10.0
"""For an explanation in passing, such as that of a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about the repairs of a scenario, beside what they are."""

    headroom_mn_per_mw: float | None = None
    """Price of headroom (millions a MW); None: the default."""
    unserved_mn_per_mw_it_yr: float | None = None
    """Price of demand promised no longer (millions a MW IT and year); None: the default."""
    write: bool = False
    """Whether the repaired scenario is written."""
    to: Path | None = None
    """Where to; None: beside the scenario."""
    number: int | None = None
    """Of the single repair to write; None: the cheapest mix."""
    force: bool = False
    """Whether a file that is there is replaced."""


def explain(
    target: Path, *, time_limit_s: float | None, clock: Clock, asked: Asked | None = None
) -> Explanation:
    """
    Explain a scenario, a file or a folder, or a plan, the folder that it was written to.

    The time limit is the scenario's unless it is given, and counts from the clock's start. Raises
    InputError for what cannot be read, and UsageError where a plan's inputs are no longer those, or
    for a programme of stages.
    """
    asked = asked or Asked()
    if (target / DOCUMENT).is_file():
        if asked.write:
            msg = f"{target} is a plan: a scenario is repaired"
            raise UsageError(msg, hint="name the scenario that it was made from")
        return explain_plan(target, time_limit_s, clock)
    if is_programme(target):
        msg = f"{target} is a programme of stages"
        raise UsageError(msg, hint="explain one of its stages: name that stage's folder")
    return explain_scenario(target, time_limit_s, clock, asked)


def explain_scenario(
    path: Path, time_limit_s: float | None, clock: Clock, asked: Asked
) -> Explanation:
    """
    Explain what of that which must be served cannot be, whatever is built, and what would cure it.

    Writes the repaired scenario where that is asked.
    """
    scenario = load_scenario(path)
    region = read_region(scenario)
    reading_s = clock.seconds
    case = case_of(scenario, region)
    within = _within(case, time_limit_s, clock)
    found = bottlenecks_of(case.instance, settings_of(scenario), within, case.areas())
    told = tuple(named_bottlenecks(case, found.bottlenecks))
    repairs, written = None, None
    if asked.write:
        expect_split(scenario, "repairs")
    if found.bottlenecks and not case.instance.unsplit.any():
        prices = prices_of(scenario, asked.headroom_mn_per_mw, asked.unserved_mn_per_mw_it_yr)
        # Who wants every repair states the time for it; what is written is worth all there is.
        hurried = time_limit_s is None and not asked.write
        limit = Clock(max(LEAST_S, clock.seconds / 3), whole=within) if hurried else within
        repairs = repairs_of(case, found.bottlenecks, prices, limit, reading_s)
    if asked.write:
        if repairs is None:
            raise UsageError(f"{scenario.name}: nothing is short, so there is nothing to repair")
        written = apply_repair(scenario, repairs, asked.to, asked.number, force=asked.force)
    longer = None
    if not found.bottlenecks:
        longer = too_soon(case.instance, settings_of(scenario), within)
    status = "infeasible" if longer else _status(found)
    explained = _explanation(case, status, told, (), found.complete, clock)
    return replace(explained, repairs=repairs, written=written, too_soon=longer)


def explain_plan(folder: Path, time_limit_s: float | None, clock: Clock) -> Explanation:
    """Explain what a plan leaves unserved, reason by reason, and what sets its worst round trip."""
    plan: Plan = read_plan(folder)
    case = as_planned(plan, folder)
    return _explanation_of_plan(plan, case, _within(case, time_limit_s, clock), clock)


def in_brief(plan: Plan, known: Inputs) -> dict[str, Any]:
    """
    Say what of a plan stays unserved and why, as `explanation.json` has it, in little time.

    `known` is what the plan was made from, as read. The search ends after `BRIEF_S`, looked at
    between its steps; what was not looked at by then is owned up to (`complete`).
    """
    case = case_of(known.scenario, known.region)
    clock = Clock(BRIEF_S)
    return _explanation_of_plan(plan, case, clock, clock).to_document()


def _explanation_of_plan(plan: Plan, case: Case, within: Clock, clock: Clock) -> Explanation:
    settings = settings_of(case.scenario)
    bottlenecks, unserved, complete = why_unserved(case, plan, settings, within)
    status = "unserved" if unserved else "all is served"
    told = tuple(named_bottlenecks(case, bottlenecks))
    explained = _explanation(case, status, told, unserved, complete, clock)
    return replace(explained, farthest=farthest_of(case, plan))


def _within(case: Case, time_limit_s: float | None, clock: Clock) -> Clock:
    limit_s = case.scenario.solve.time_limit_s if time_limit_s is None else time_limit_s
    return Clock(max(0.0, limit_s - clock.seconds), whole=clock)


def _status(found: Found) -> str:
    if found.bottlenecks:
        return "infeasible"
    return "nothing is short" if found.complete else "not known"


def _explanation(
    case: Case,
    status: str,
    told: tuple[Told, ...],
    unserved: tuple[Unserved, ...],
    complete: bool,
    clock: Clock,
) -> Explanation:
    return Explanation(
        name=case.scenario.name,
        status=status,
        bottlenecks=told,
        unserved=unserved,
        complete=complete,
        currency=case.scenario.currency,
        seconds=clock.seconds,
        attributions=tuple(attributions(case.region)),
    )

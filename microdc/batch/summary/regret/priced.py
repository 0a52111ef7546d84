"""What fleets cost in a scenario that is not theirs, found with the scenario's own search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from microdc.batch.summary.regret.fixed import among, broken_rules, fixed
from microdc.batch.summary.regret.fleets import Built
from microdc.errors import MicrodcError
from microdc.explain.bottlenecks import bottlenecks_of
from microdc.explain.named import Case
from microdc.explain.sites.base import SHARE_OF_GAP, solved
from microdc.explain.sites.changes import Change, Solved
from microdc.explain.words import listed
from microdc.ground.distance import geodesic_km
from microdc.inputs.kept import OF_THIS_PROCESS, keeping
from microdc.placement.plan import Plan
from microdc.placement.store import read_plan
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Mark, Settings
from microdc.studies.explaining.read_back import as_planned
from microdc.studies.explaining.sites.reasons import Candidacy

_SAME_PLACE_KM = 0.1
_NAMED, _CLAUSES = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A scenario in which fleets are to be priced: its name in the batch, its plan's folder."""

    scenario: str
    folder: Path
    fleets: tuple[Built, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regret:
    """
    What a fleet costs in a scenario beyond the least that is possible there (millions a year).

    solved
        Cost and bound of the best plan of the scenario that builds exactly this fleet.
    change
        From the scenario's least cost to that, with what is proven of it; None: not looked at.
    why
        Why the fleet cannot be there, or why its cost is not known; empty if it is.
    """

    fleet: str
    scenario: str
    solved: Solved
    change: Change | None
    why: str = ""


def regrets_in(asked: Asked) -> list[Regret]:
    """
    Price each fleet in a scenario; where that cannot be done, say of each why.

    Takes and gives what another process can be sent. One fleet may take as long as the scenario's
    own plan was given. Tables are kept for the next scenario that this process looks at.
    """
    try:
        plan = read_plan(asked.folder)
        if plan.objective != "least-cost":
            return _untold(asked, f"the scenario is planned for {plan.objective}, not least cost")
        with keeping(OF_THIS_PROCESS):
            case = as_planned(plan, asked.folder)
    except (MicrodcError, OSError) as error:
        return _untold(asked, getattr(error, "message", str(error)))
    best = Solved(cost=plan.certificate.cost_mn_yr, bound=plan.certificate.bound_mn_yr)
    pricing = _Pricing(plan, case, asked.fleets)
    found = [
        (best, "") if asked.scenario in fleet.scenarios else pricing.of(fleet)
        for fleet in asked.fleets
    ]
    # A fleet of elsewhere may do better than the plan found here, within the gap.
    cost = min(best.cost, *(one.cost for one, _ in found))
    least = Solved(cost=cost, bound=min(best.bound, cost))
    return [
        Regret(
            fleet=fleet.name,
            scenario=asked.scenario,
            solved=one,
            change=Change.between(least, one, "tighter"),
            why=why,
        )
        for fleet, (one, why) in zip(asked.fleets, found, strict=True)
    ]


def _untold(asked: Asked, why: str) -> list[Regret]:
    unknown = Solved(cost=np.inf, bound=-np.inf)
    return [
        Regret(fleet=one.name, scenario=asked.scenario, solved=unknown, change=None, why=why)
        for one in asked.fleets
    ]


class _Pricing:
    """Prices fleets in one scenario, whose tables are read once; no other sites are looked at."""

    def __init__(self, plan: Plan, case: Case, fleets: Sequence[Built]) -> None:
        instance = among(case.instance, {site for fleet in fleets for site in fleet.sizes_mw})
        self.case = replace(case, instance=instance)
        self.candidacy = Candidacy(case.scenario, case.region)
        self.time_limit_s = float(plan.provenance["time_limit_s"])
        self.settings = Settings(
            gap=SHARE_OF_GAP * plan.certificate.asked_gap,
            threads=int(plan.provenance["threads"]),
            seed=int(plan.provenance["seed"]),
        )

    def of(self, fleet: Built) -> tuple[Solved, str]:
        """Give cost and bound of a fleet, and why it is impossible, or not known, if so."""
        missing = [self._why_none(site, *at) for site, at in fleet.places.items()]
        missing = [why for why in missing if why]
        sizes_mw = pd.Series(fleet.sizes_mw, dtype=float)
        reasons = missing or list(broken_rules(self.case.instance, sizes_mw))
        if reasons:
            rest = len(reasons) - _CLAUSES
            more = f"; and {rest} such reasons more" if rest > 0 else ""
            return _IMPOSSIBLE, "; ".join(reasons[:_CLAUSES]) + more
        instance = fixed(self.case.instance, sizes_mw)
        clock = Clock(self.time_limit_s)
        found = solved(solve(instance, "least-cost", self.settings, clock, _unwatched))
        if found.impossible:
            part = replace(self.case, instance=instance)
            return found, _short(part, self.settings, clock)
        return found, "" if np.isfinite(found.cost) else "time ran out before a plan was found"

    def _why_none(self, site: str, lat: float, lon: float) -> str:
        """Say why a site of a fleet can be none here; empty if it can."""
        sites, hosts = self.case.instance.sites.index, self.case.hosts
        if site not in sites:
            if site not in self.candidacy.all_rows.index:
                return f"no table has {site}"
            reason = self.candidacy.why_none(site)
            return f"{site} can be no site: {reason.says if reason else 'it is none'}"
        if self.case.region.drawn:
            return ""
        _, *at = hosts[site]
        ends = (np.array([value]) for value in (lat, lon, *at))
        if float(geodesic_km(*ends)[0]) > _SAME_PLACE_KM:
            return f"{site} is another place here"
        return ""


_IMPOSSIBLE = Solved(cost=np.inf, bound=np.inf)


def _short(case: Case, settings: Settings, clock: Clock) -> str:
    """Say who would go short, and of what, where a fleet cannot serve all that must be served."""
    found = bottlenecks_of(case.instance, settings, clock, case.areas()).bottlenecks
    if not found and case.instance.most_mean_rtt_ms is not None:
        return f"it cannot answer in a mean of {case.instance.most_mean_rtt_ms:g} ms"
    if not found:
        return "it cannot serve all that must be served"
    worst = found[0]
    points = case.points.iloc[list(worst.points)]
    places = dict.fromkeys(case.region.places[key] for key in points["place"])
    services = dict.fromkeys(points["service"])
    who = f"{listed(list(places), most=_NAMED)}, of {listed(list(services))}"
    least = "" if worst.exact else "at least "
    when = " in an outage" if worst.outages else ""
    if not worst.short_mw_it:
        return f"it cannot serve all that {who} must have{when}"
    return f"{who}, would be {least}{worst.short_mw_it:.2f} MW IT short{when}"


def _unwatched(_mark: Mark) -> None:
    """Show nothing: a fleet is priced in a moment."""

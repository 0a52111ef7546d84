"""Who waits longest in a plan for the shortest worst round trip, and what lies nearer."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from microdc.explain.named import Case
from microdc.explain.words import listed
from microdc.placement.plan import Plan
from microdc.placement.words.rounding import ms_up

_ASKED = ["place", "service"]
_SAME_MS = 1e-6
_FULL_MW = 1e-3
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearer:
    """A candidate that would answer sooner, and why it does not."""

    site: str
    rtt_ms: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Farthest:
    """A place and class that wait as long as any with a promise, and who would answer sooner."""

    place: str
    service: str
    site: str
    rtt_ms: float
    nearer: tuple[Nearer, ...]
    """Candidates, sites of the plan among them, the nearest first."""

    @property
    def sentence(self) -> str:
        """Say who waits how long for whom, and why nobody nearer answers."""
        text = f"{self.place} has {self.service} from {self.site} in {ms_up(self.rtt_ms)} ms"
        if not self.nearer:
            return f"{text}; no candidate is nearer"
        named = (f"{one.site} ({ms_up(one.rtt_ms)} ms, {one.why})" for one in self.nearer)
        return f"{text}; nearer: {listed(named, _MOST_NAMED)}"

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        return {"sentence": self.sentence, **asdict(self)}


def farthest_of(case: Case, plan: Plan) -> tuple[Farthest, ...]:
    """Give who sets the longest round trip, where the shortest was asked for; else nobody."""
    if "least-worst-rtt" not in plan.objective.split(", "):
        return ()
    services = case.scenario.services
    promised = [name for name, stated in services.items() if stated.floor > 0]
    served = plan.service[plan.service["site"].notna() & plan.service["service"].isin(promised)]
    longest = served[served["rtt_ms"] >= served["rtt_ms"].max() - _SAME_MS]
    asked = longest[[*_ASKED, "site", "rtt_ms"]].sort_values([*_ASKED, "site"])
    first = case.instance.points.drop_duplicates(_ASKED)
    keys = first[_ASKED].itertuples(index=False, name=None)
    point_of = dict(zip(keys, first.index, strict=True))
    spare = _spare(plan)
    return tuple(
        Farthest(
            place=case.region.places[place],
            service=service,
            site=case.hosts[site][0],
            rtt_ms=float(rtt_ms),
            nearer=tuple(_nearer(case, spare, point_of[place, service], rtt_ms)),
        )
        for place, service, site, rtt_ms in asked.itertuples(index=False)
    )


def _nearer(case: Case, spare: dict[str, str], point: int, longest_ms: float) -> Iterator[Nearer]:
    """Give the candidates that a point is nearer to than so many ms, the nearest first."""
    reach, ids = case.instance.reach, case.instance.sites.index
    assert reach.rtt_ms is not None
    near_ms = reach.rtt_ms[reach.start[point] : reach.start[point + 1]]
    near = ids[reach.near(point)]
    for at in np.argsort(near_ms, kind="stable"):
        if near_ms[at] < longest_ms - _SAME_MS:
            name, why = case.hosts[near[at]][0], spare.get(near[at], "not built")
            yield Nearer(site=name, rtt_ms=float(near_ms[at]), why=why)


def _spare(plan: Plan) -> dict[str, str]:
    """Say what each site and hub of a plan has left, by id."""
    sites, hubs = plan.sites, plan.hubs
    left = {str(i): _left(mw, "MW") for i, mw in (sites["mw"] - sites["load_mw"]).items()}
    for hub, row in hubs.iterrows():
        idle = row["capacity_mw_it"] - row["load_mw_it"]
        left[str(hub)] = _left(idle, "MW IT") if row["mw_it"] > 0 else "not used"
    return left


def _left(spare: float, unit: str) -> str:
    return "full at its size" if spare <= _FULL_MW else f"{spare:.2f} {unit} to spare"

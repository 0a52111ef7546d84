"""What a plan says of its outages: which there are, and that what it says is lost is lost."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from microdc.placement.verify.document import Outage, Outages
from microdc.placement.verify.facts import POWER_MW, SAME, Facts, Promise, differ, told
from microdc.placement.verify.outages.events import Event, Hosts, events_of
from microdc.placement.verify.outages.fleet import Fleet, fleet_of

MOST_ROWS, MOST_PAIRED = 50, 100
"""Outages that a plan tells, and of how many, those that carry most, all pairs are replayed."""

Them = tuple[Event, ...]


def losses_as_they_are(facts: Facts) -> list[str]:
    """The outages told are those to be survived, the worst of them, and lose what is said."""
    asked, stated = facts.scenario.resilience, facts.document.outages
    if asked is None:
        return [*_told_unasked(facts)]
    if stated is None:
        return ["the outages that the plan survives are not told"]
    if tuple(stated.survive) != asked.survive or stated.at_once != asked.at_once:
        return ["other outages are said to be survived than the scenario names"]
    fleet, events = fleet_of(facts), events_of(facts)
    together = min(asked.at_once, len(events))
    chosen = _replayed(fleet, events, together)
    return [
        *told(_miscounted(stated, events, together, len(chosen))),
        *told(_misranked(stated, chosen, fleet)),
        *told(_misstated(stated, events, fleet)),
        *told(_misstated_alone(facts, fleet)),
    ]


def _told_unasked(facts: Facts) -> Iterator[str]:
    if facts.document.outages is not None:
        yield "outages are told, but the scenario names none"
    for table in (facts.sites, facts.hubs):
        for host in table.index[table["lost_mw_it_when_out"].notna()]:
            yield f"{host}: lost_mw_it_when_out is told, but the scenario names no outages"


def _replayed(fleet: Fleet, events: list[Event], together: int) -> list[Them]:
    """Give the outages that a plan replays: all, or all pairs of the events that carry most."""
    if together == 2:
        carried = {event: round(_carried_mw_it(fleet, event), 6) for event in events}
        events = sorted(events, key=lambda event: -carried[event])[:MOST_PAIRED]
    return list(combinations(events, together)) if events else []


def _carried_mw_it(fleet: Fleet, event: Event) -> float:
    rows = (fleet.row[host] for host in event.hosts)
    return sum(sum(fleet.served_mw_it[row].values()) for row in rows)


def _miscounted(
    stated: Outages, events: list[Event], together: int, replayed: int
) -> Iterator[str]:
    count = math.comb(len(events), together) if events else 0
    if (stated.count, stated.replayed) != (count, replayed):
        yield f"{stated.count} outages, {stated.replayed} replayed; it is {count}, {replayed}"
    of_kind = Counter(event.kind for event in events)
    true = [(kind, of_kind[kind]) for kind in stated.survive]
    if [(kind.kind, kind.count) for kind in stated.kinds] != true:
        yield f"kinds of outages: {', '.join(f'{count} of {kind}' for kind, count in true)}"


def _misranked(stated: Outages, chosen: list[Them], fleet: Fleet) -> Iterator[str]:
    """Compare the losses told with those of all outages, the largest first."""
    lost = {them: fleet.in_all_mw_it(_hosts(them)) for them in chosen}
    by_hosts = {_hosts(them): mw_it for them, mw_it in lost.items()}
    true = sorted(by_hosts.values(), reverse=True)[:MOST_ROWS]
    said = [row.lost_mw_it for row in stated.rows]
    if len(said) != len(true) or differ(said, true, POWER_MW).any():
        yield f"the {len(said)} outages told are not those that lose most, or not in that order"
    for kind in stated.kinds:
        of_kind = [mw_it for them, mw_it in lost.items() if kind.kind in {e.kind for e in them}]
        worst = max(of_kind, default=None)
        said_mw_it = kind.worst.lost_mw_it if kind.worst else None
        if (worst is None) != (said_mw_it is None) or differ(said_mw_it, worst, POWER_MW):
            yield f"{kind.kind}: the worst outage is said to lose {said_mw_it}, it is {worst}"
        if kind.worst and kind.kind not in {one.kind for one in kind.worst.what}:
            yield f"{kind.kind}: the outage told is none of this kind"


def _misstated(stated: Outages, events: list[Event], fleet: Fleet) -> Iterator[str]:
    """Compare every outage told with what it is."""
    known = {(event.kind, event.id): event for event in events}
    told_once: set[Hosts] = set()
    worst = (kind.worst for kind in stated.kinds)
    for number, row in enumerate((*stated.rows, *filter(None, worst))):
        name = " and ".join(f"{one.kind} {one.id}" for one in row.what)
        them = tuple(known[key] for one in row.what if (key := (one.kind, one.id)) in known)
        if len(set(them)) != min(stated.at_once, len(events)) or len(them) != len(row.what):
            yield f"outage of {name}: none that is to be survived"
            continue
        if [one.name for one in row.what] != [event.name for event in them]:
            yield f"outage of {name}: other names in the tables"
        if number < len(stated.rows) and _hosts(them) in told_once:
            yield f"outage of {name}: the same sites are told before"
        told_once.add(_hosts(them))
        yield from (f"outage of {name}: {line}" for line in _wrong_figures(row, them, fleet))


def _wrong_figures(row: Outage, them: Them, fleet: Fleet) -> Iterator[str]:
    hosts, facts = _hosts(them), fleet.facts
    lost = list(fleet.by_turn_mw_it(hosts))
    by_class = defaultdict[str, float](float)
    for name, _, mw_it in lost:
        by_class[name] += mw_it
    promised = [name for name, share in fleet.kept.items() if share > 0]
    served = facts.served[facts.served["service"].isin(promised)]["mw_it"].sum()
    lost_of_them = sum(by_class[name] for name in promised)
    sizes_mw = (facts.sites["mw"], facts.hubs["mw_it"])
    true = {
        "sites": len(hosts),
        "mw": sum(float(mw[mw.index.isin(hosts)].sum()) for mw in sizes_mw),
        "lost_mw_it": sum(by_class.values()),
        "broken_mw_it": sum(mw_it for _, promised, mw_it in lost if promised),
        "kept_share": 1 - lost_of_them / served if served > POWER_MW else math.nan,
    }
    for key, found in true.items():
        said = getattr(row, key)
        slack = POWER_MW / served + SAME if key == "kept_share" and served > 0 else POWER_MW
        if differ(math.nan if said is None else said, found, slack):
            yield f"{key} is stated as {said}, it is {found:.6g}"
    for name in {*by_class, *row.lost_by_class_mw_it}:
        said, found = row.lost_by_class_mw_it.get(name, 0.0), by_class[name]
        if differ(said, found, POWER_MW) or name not in facts.scenario.services:
            yield f"{name} is said to lose {said:.4f} MW IT, it is {found:.4f}"


def _misstated_alone(facts: Facts, fleet: Fleet) -> Iterator[str]:
    """Compare what is said to be lost when each site or hub is out alone."""
    for table in (facts.sites, facts.hubs):
        for host, said in table["lost_mw_it_when_out"].items():
            there = host in fleet.row
            found = fleet.in_all_mw_it(frozenset([str(host)])) if there else math.nan
            if differ(said, found, POWER_MW):
                yield f"{host}: {said} MW IT are said to be lost when it is out, it is {found:.4f}"


def _hosts(them: Them) -> Hosts:
    return frozenset[str]().union(*(event.hosts for event in them))


PROMISES: tuple[Promise, ...] = (losses_as_they_are,)

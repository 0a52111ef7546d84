"""The promise on outages: whatever is to be survived, what is promised is still served."""

from collections.abc import Iterator
from itertools import combinations

from microdc.placement.verify.facts import POWER_MW, Facts, Promise, told
from microdc.placement.verify.outages.events import Event, Hosts, events_of
from microdc.placement.verify.outages.fleet import Fleet, fleet_of


def promises_kept_in_outages(facts: Facts) -> list[str]:
    """In every outage to be survived, each place and class keeps what it is promised."""
    asked = facts.scenario.resilience
    if asked is None:
        return []
    fleet, events = fleet_of(facts), events_of(facts)
    by_hosts: dict[Hosts, tuple[Event, ...]] = {}
    for event in events:
        by_hosts.setdefault(event.hosts, (event,))
    paired = asked.at_once == 2 and len(events) > 1
    return told(_broken(fleet, dict(_that_meet(fleet, by_hosts)) if paired else by_hosts))


def _that_meet(
    fleet: Fleet, by_hosts: dict[Hosts, tuple[Event, ...]]
) -> Iterator[tuple[Hosts, tuple[Event, ...]]]:
    """
    Give each event alone, and all pairs that are not surely survived if both are survived alone.

    Where other sites take over in the one than in the other, and neither needs what the other has
    out, both ways of taking over go together.
    """
    yield from by_hosts.items()
    touched = {hosts: fleet.lost_mw_it(fleet.promised, hosts)[1] for hosts in by_hosts}
    for one, other in combinations(by_hosts, 2):
        if not touched[one].isdisjoint(touched[other]):
            yield one | other, (*by_hosts[one], *by_hosts[other])


def _broken(fleet: Fleet, outages: dict[Hosts, tuple[Event, ...]]) -> Iterator[str]:
    for hosts, events in outages.items():
        lost, _ = fleet.lost_mw_it(fleet.promised, hosts)
        in_all_mw_it = sum(lost.values())
        if in_all_mw_it > POWER_MW:
            (place, service), short_mw_it = max(lost.items(), key=lambda item: item[1])
            promised_mw_it = _promised_mw_it(fleet, place, service)
            more = f", {in_all_mw_it:.4f} MW IT in all" if len(lost) > 1 else ""
            yield (
                f"outage of {' and '.join(map(str, events))}: place {place}, class {service}: "
                f"{short_mw_it:.4f} MW IT of {promised_mw_it:.4f} promised cannot be served{more}"
            )


def _promised_mw_it(fleet: Fleet, place: str, service: str) -> float:
    want = fleet.wants.index((place, service))
    in_order = sum(served.get(want, 0.0) for served in fleet.served_mw_it)
    return in_order * fleet.kept[service]


PROMISES: tuple[Promise, ...] = (promises_kept_in_outages,)

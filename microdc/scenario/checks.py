"""Faults between the parts of a scenario, each part sound by itself."""

from collections.abc import Callable, Iterator
from typing import Any

from microdc.scenario import aims
from microdc.scenario.costs import IN_DOLLARS, Costs
from microdc.scenario.grammar import Service
from microdc.scenario.land.areas import ZoneSource
from microdc.scenario.latency import Latency
from microdc.scenario.parts.hours import Connection, Hours
from microdc.scenario.parts.resilience import Resilience
from microdc.scenario.parts.rtt_price import not_convex
from microdc.scenario.parts.sources import PairPrices, PairTable
from microdc.scenario.parts.stages import faults as of_stages
from microdc.scenario.service import unsplit
from microdc.scenario.siting import Limits, sizes_fit, tiers_ascend, whole_kw
from microdc.yaml12 import Finding, Keys

WAYS = {
    "share": ("share",),
    "power": ("kw_it_per_1000_people",),
    "queries": ("queries_per_person_day", "wh_it_per_query", "peak_to_mean"),
    "tokens": ("tokens_per_s_per_1000_people", "tokens_per_s_per_kw_it"),
}
"""Ways to state the demand of a class, and the keys that each of them takes."""

Services = dict[str, Service]


def faults_between_parts(parts: dict[str, Any]) -> Iterator[Finding]:
    """Check what takes two parts to be wrong; a part that is missing is unsound, and told."""
    for needed, check in CHECKS:
        if all(name in parts for name in needed):
            yield from check(*(parts[name] for name in needed))


def _one_way(services: Services) -> Iterator[Finding]:
    """Refuse a class that states its demand in two ways, or in one of them in part."""
    for name, service in services.items():
        told = [key for keys in WAYS.values() for key in keys if getattr(service, key) is not None]
        begun = [way for way, keys in WAYS.items() if set(keys) & set(told)]
        missing = [key for way in begun for key in WAYS[way] if key not in told]
        if len(begun) > 1:
            says, found = "states its demand twice", " and ".join(told)
            yield Finding(("services", name), says, found, "one of them")
        elif missing:
            says, found = f"states its {begun[0]} in part", ", ".join(told)
            yield Finding(("services", name), says, found, f"{', '.join(missing)} too")
        if service.tokens_per_query is not None and not {"queries", "tokens"} & set(begun):
            says = "means nothing for a class that states neither queries nor tokens"
            yield Finding(("services", name, "tokens_per_query"), says)


def _shares(services: Services) -> Iterator[Finding]:
    shares = [service.share for service in services.values() if service.share is not None]
    if shares and abs(sum(shares) - 1) > 1e-6:
        yield Finding(("services",), "the shares do not sum to 1", f"{sum(shares):.6g}", "1")


def _floors(services: Services) -> Iterator[Finding]:
    for name, service in services.items():
        served_in_full = service.unserved_mn_per_mw_yr is None
        if served_in_full and service.min_served < 1 and "min_served" in service.model_fields_set:
            yield Finding(
                ("services", name, "min_served"),
                "means nothing without unserved_mn_per_mw_yr: the class must be served in full",
                f"{service.min_served:g}",
                "1, or state the price of demand left unserved",
            )


def _bounds(services: Services, latency: Latency, measured: PairTable | None) -> Iterator[Finding]:
    if measured is not None:
        return  # what was measured is the whole round trip
    spent_ms = latency.access_ms + latency.processing_ms
    for name, service in services.items():
        if service.rtt_ms <= spent_ms:
            yield Finding(
                ("services", name, "rtt_ms"),
                "is spent before the first km",
                f"{service.rtt_ms:g}",
                f"more than latency.access_ms + latency.processing_ms, {spent_ms:g}",
            )


def _survivable(resilience: Resilience | None, services: Services) -> Iterator[Finding]:
    """Refuse outages in which nothing is kept, and what is kept in none."""
    kept = [name for name, service in services.items() if service.kept > 0]
    if resilience is not None and not kept:
        says, allowed = "no class keeps anything in an outage", "outage: {served: 1} of some class"
        yield Finding(("resilience", "survive"), says, ", ".join(resilience.survive), allowed)
    for name, service in services.items():
        if resilience is None and service.outage is not None:
            says, allowed = "means nothing without resilience", "with resilience: {survive: [site]}"
            yield Finding(("services", name, "outage"), says, allowed=allowed)


def _outage_bounds(services: Services) -> Iterator[Finding]:
    for name, service in services.items():
        if service.outage_rtt_ms < service.rtt_ms:
            yield Finding(
                ("services", name, "outage", "rtt_ms"),
                "is tighter than in order",
                f"{service.outage_rtt_ms:g}",
                f"at least the rtt_ms of the class, {service.rtt_ms:g}",
            )


def _zones(resilience: Resilience | None, zones: tuple[ZoneSource, ...]) -> Iterator[Finding]:
    """Refuse zones that nobody survives, and surviving zones that are nowhere."""
    survived = resilience is not None and "zone" in resilience.survive
    if survived and not zones:
        says, allowed = "needs zones", "with zones: {path: zones.geojson}"
        yield Finding(("resilience", "survive"), says, "zone", allowed)
    if zones and not survived:
        says, allowed = "means nothing unless zones are survived", "with survive: [zone]"
        yield Finding(("zones",), says, allowed=allowed)


def _flexible(connection: Connection, hours: Hours | None) -> Iterator[Finding]:
    """Refuse terms that nothing is held to, and a flexible connection that nothing limits."""
    if connection.type == "firm":
        for term, most in connection.terms.items():
            if most > 0:
                says, allowed = "means nothing for a firm connection", "0, or type: flexible"
                yield Finding(("connection", term), says, f"{most:g}", allowed)
        return
    if hours is None:
        says, allowed = "needs hours", "with hours: {profiles: profiles.csv}"
        yield Finding(("connection", "type"), says, "flexible", allowed)
    if not connection.terms:
        says, allowed = "states no term that limits it", "max_hours_per_yr, or another term"
        yield Finding(("connection", "type"), says, "flexible", allowed)


def _shifted(hours: Hours | None, services: Services) -> Iterator[Finding]:
    """Refuse to move or defer what has no hours, and to defer what stays where it is."""
    for name, service in services.items():
        stated = {"movable": "movable" in service.model_fields_set, "defer": service.defer}
        for key in [key for key, value in stated.items() if value and hours is None]:
            says, allowed = "needs hours: there is no other hour", "with hours: {profiles: ...}"
            yield Finding(("services", name, key), says, allowed=allowed)
        if service.defer is not None and not service.movable:
            says = "is not supported yet for a service that does not move"
            yield Finding(("services", name, "defer"), says, allowed="with movable: true")


def _hours_or_outages(hours: Hours | None, resilience: Resilience | None) -> Iterator[Finding]:
    if hours is not None and resilience is not None:
        says = "is not supported yet together with resilience"
        yield Finding(("hours",), says, allowed="hours, or resilience")


def _priced_time(services: Services) -> Iterator[Finding]:
    """Refuse prices of time that fall."""
    for name, service in services.items():
        yield from not_convex(service.rtt_price, ("services", name, "rtt_price"))


def _priced_service(
    services: Services, pair_prices: PairPrices | None, hours: Hours | None
) -> Iterator[Finding]:
    """Refuse prices of service that hours move about."""
    priced: list[Keys] = [
        ("services", name, "rtt_price") for name, service in services.items() if service.rtt_price
    ]
    priced += [("pair_prices",)] if pair_prices is not None else []
    for at in priced if hours is not None else []:
        says = "is not supported yet together with hours"
        yield Finding(at, says, allowed="off, or without hours")


def _projects(limits: Limits) -> Iterator[Finding]:
    """Refuse projects whose extent is stated twice, or not at all."""
    stated = limits.projects
    if stated is not None and (stated.within_km is None) == (stated.within_rtt_ms is None):
        says, allowed = "need one way to say how far they reach", "within_km, or within_rtt_ms"
        yield Finding(("limits", "projects"), says, allowed=allowed)


def _wide_measured(measured: PairTable | None) -> Iterator[Finding]:
    yield from _wide(measured, "measured", ("where", "columns", "percentile"))


def _wide_prices(pair_prices: PairTable | None) -> Iterator[Finding]:
    yield from _wide(pair_prices, "pair_prices", ("where", "columns"))


def _wide(source: PairTable | None, name: str, keys: tuple[str, ...]) -> Iterator[Finding]:
    """Refuse what a wide table cannot have."""
    if source is None or source.form == "long":
        return
    for key in keys:
        if getattr(source, key) not in (None, {}):
            says = "means nothing for a wide table"
            yield Finding((name, key), says, allowed="form: long")


def _settled(limits: Limits) -> Iterator[Finding]:
    both = sorted(set(limits.force) & set(limits.forbid))
    if both:
        yield Finding(("limits", "forbid"), "ids are forced and forbidden", ", ".join(both[:5]))
    forced = len(set(limits.force))
    if limits.max_sites is not None and limits.max_sites < forced:
        says, allowed = "is less than the sites forced", f"at least {forced}"
        yield Finding(("limits", "max_sites"), says, str(limits.max_sites), allowed)


def _currency(currency: str, usd_rate: float | None, costs: Costs) -> Iterator[Finding]:
    if currency == "USD":
        if usd_rate not in (None, 1):
            yield Finding(("usd_rate",), "a US dollar is one US dollar", f"{usd_rate:g}", "1")
        return
    defaults = [key for key in IN_DOLLARS if key not in costs.model_fields_set]
    if usd_rate is None and defaults:
        yield Finding(
            ("currency",),
            f"default costs are in USD and cannot be used in {currency}",
            f"defaults for {', '.join(defaults)}",
            f"state usd_rate ({currency} per USD), or these costs",
        )


CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Finding]]], ...] = (
    (("currency", "usd_rate", "costs"), _currency),
    (("services",), _one_way),
    (("services",), _shares),
    (("services",), _floors),
    (("services", "latency", "measured"), _bounds),
    (("resilience", "services"), _survivable),
    (("services",), _outage_bounds),
    (("resilience", "zones"), _zones),
    (("connection", "hours"), _flexible),
    (("hours", "services"), _shifted),
    (("hours", "resilience"), _hours_or_outages),
    (("services",), _priced_time),
    (("services", "pair_prices", "hours"), _priced_service),
    (("limits",), _projects),
    (("measured",), _wide_measured),
    (("pair_prices",), _wide_prices),
    (("sites",), sizes_fit),
    (("sites",), whole_kw),
    (("sites",), tiers_ascend),
    (("limits",), _settled),
    *aims.CHECKS,
    *unsplit.CHECKS,
    *of_stages.CHECKS,
)

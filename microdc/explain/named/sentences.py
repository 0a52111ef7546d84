"""A bottleneck in sentences that a planner can act on."""

import math
from collections.abc import Iterator

from microdc.explain.named.hosts import Host
from microdc.explain.named.told import NamedLimit, Told
from microdc.explain.words import listed

_NAMED = 4

_LIMITS = {
    "headroom": "its own headroom",
    "node": "{by} above it",
    "largest size": "the largest size allowed",
    "capacity": "its capacity",
    "hour": "what it may draw then",
    "modules": "whole modules within {mw:g} MW",
}

_OTHERS = {
    "excluded": "excluded ({by})",
    "forbidden": "ruled out by limits.forbid",
    "too small": "below the smallest size",
    "outage": "out",
}


def sentence(told: Told) -> str:
    """Say who is short of what, by how much and why; figures that are proven bounds say so."""
    return "; ".join(part for part in (_head(told), *_tail(told)) if part)


def _head(told: Told) -> str:
    need = f"{_who(told)} {_needs(told)}"
    if told.kind == "out of reach":
        return f"{need}, and no site lies within the latency bound of this demand{_nearest(told)}"
    if told.kind == "whole sites":
        return _whole_sites(told)
    if told.kind in ("too large", "whole places"):
        return _from_one_site(told, need)
    if not told.exact:
        return (
            f"{need}, and within all limits together at least {_down(told.short_mw_it)} "
            f"{told.unit} of it would not be served{_most(told)}"
        )
    short = f"{_up(told.short_mw_it)} {told.unit} short"
    if not told.counted:
        return (
            f"{need}, and no site {'is left' if told.outages else 'is allowed'} in reach: {short}"
        )
    have = f"{_in_reach(told)} {told.have_mw_it:,.2f} {told.unit}{_each(told)}"
    return f"{need}, and the {have}: {short}"


def _who(told: Told) -> str:
    """Name the places, and when they are short."""
    names = listed([place.name for place in told.places], most=_NAMED)
    if told.outages:
        verb = "is" if len(told.outages) == 1 else "are"
        return f"{names}, when {' and '.join(told.outages)} {verb} out,"
    if len(told.hours) > 1:
        return f"{names}, from {told.hours[0]} to {told.hours[-1]},"
    return f"{names}, at {told.hours[0]}," if told.hours else names


def _needs(told: Told) -> str:
    verb = "needs" if len(told.places) == 1 else "need"
    return f"{verb} {told.need_mw_it:,.2f} {told.unit} of {listed(told.services)}"


def _in_reach(told: Told) -> str:
    counted = told.counted
    hubs = sum(host.limit == "capacity" for host in counted)
    sites = len(counted) - hubs
    many = "site" if sites == 1 else "sites"
    count = f"{sites} {many}" + (f" and {hubs} hub(s)" if hubs else "")
    left = " left" if told.outages else ""
    return f"{count}{left} in reach {'has' if len(counted) == 1 else 'have'}"


def _each(told: Told) -> str:
    """Name the largest of those that count, with what limits them."""
    named = [f"{host.name} {host.mw:g} MW, {_limit(host)}" for host in told.counted[:_NAMED]]
    more = len(told.counted) - len(named)
    rest = f"; and {more} more" if more else ""
    return f" ({'; '.join(named)}{rest})" if named else ""


def _limit(host: Host) -> str:
    return "limited by " + _LIMITS[host.limit].format(by=host.by, mw=host.limit_mw or 0.0)


def _most(told: Told) -> str:
    if told.most_short_mw_it is None:
        return ""
    return f" (with what was found {_up(told.most_short_mw_it)} in all are not)"


def _nearest(told: Told) -> str:
    near = told.nearest
    if near is None:
        return ": there is no candidate that may serve it"
    return (
        f": the nearest candidate, {near.site}, answers {near.place} in {near.rtt_ms:.2f} ms, and "
        f"the bound is {near.bound_ms:g} ms"
    )


def _whole_sites(told: Told) -> str:
    text = "no combination of whole sites serves all that must be, though parts of sites would"
    if told.short_mw_it > 0:
        text = f"{text}: at least {_down(told.short_mw_it)} MW IT would not be served"
    if told.places:
        text += f"; with what was found, not all of {_who(told)}"
    return text


def _from_one_site(told: Told, need: str) -> str:
    """Say what cannot be served because it may not be split."""
    if told.kind == "too large":
        have = f"{told.have_mw_it:,.2f} {told.unit}{_each(told)}"
        return f"{need} from one site: it may not be split, and the largest in reach has {have}"
    return f"{need}; split between sites it could be served, each place whole by one it cannot"


def _tail(told: Told) -> Iterator[str]:
    yield from _others(told)
    if told.limits:
        yield "used up: " + ", ".join(_shared(limit) for limit in told.limits[:_NAMED])
    for limit in told.limits:
        if limit.least is not None and limit.amount is not None:
            yield (
                f"any plan takes at least {_down(limit.least)} M of capital, the budget is "
                f"{limit.amount:,.2f} M"
            )
    if told.cures:
        yield f"there would be plans without {' or without '.join(told.cures)}"
    if told.also:
        when = "hours" if told.hours else "outages"
        yield f"some of this is short in {told.also} other {when} too"


def _others(told: Told) -> Iterator[str]:
    by_reason: dict[str, list[Host]] = {}
    for host in told.others:
        by_reason.setdefault(_OTHERS[host.limit].format(by=host.by), []).append(host)
    for reason, hosts in by_reason.items():
        names = listed([host.name for host in hosts], most=_NAMED)
        verb = "is" if len(hosts) == 1 else "are"
        mw = sum(host.mw for host in hosts)
        yield f"{len(hosts)} more in reach {verb} {reason}, with {mw:,.2f} MW: {names}"


def _shared(limit: NamedLimit) -> str:
    amount = 0.0 if limit.amount is None else limit.amount
    return {
        "node": f"{limit.name} ({amount:g} MW for all below it)",
        "node by hour": f"{limit.name} ({amount:g} MW in its tightest hour)",
        "budget": f"the budget ({amount:,.2f} M)",
        "count": f"the number of sites ({amount:g} of {limit.name})",
        "separation": f"the distance to be kept between {limit.name}",
        "outage": f"the outages to be survived ({limit.name})",
        "stays": f"that {limit.name} may not move",
    }[limit.kind]


def _down(least: float) -> str:
    """Write a proven least to two decimals, never more than is proven."""
    return f"{math.floor(100 * least + 1e-4) / 100:,.2f}"


def _up(most: float) -> str:
    return f"{math.ceil(100 * most - 1e-4) / 100:,.2f}"

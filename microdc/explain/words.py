"""A reason in a sentence that a planner can act on."""

import math
from collections.abc import Iterable, Iterator, Mapping

from microdc.explain.bottleneck import Shortage
from microdc.instance import Instance

_NAMED = 5
_TOLD_MW_IT = 0.005  # less is 0.00


def in_words(
    shortage: Shortage,
    instance: Instance,
    places: Mapping[str, str],
    hosts: Mapping[str, str],
) -> str:
    """
    Say who is short of what, with the names of places, and of substations and hubs, by id.

    Example: "14 demand points need 31.0 MW IT, and the 3 sites in reach have 22.0 MW IT".
    """
    if not shortage.points:
        return "; ".join([shortage.because, *_figures(shortage, instance, hosts)])
    points = instance.points.iloc[list(shortage.points)]
    who = listed(places[place] for place in points["place"].unique())
    what = listed(points["service"].unique())
    hours = shortage.hours
    unit = "MWh IT" if len(hours) > 1 else "MW IT"
    when = f", from {hours[0]} to {hours[-1]}" if len(hours) > 1 else ", ".join(["", *hours])
    need = f"{shortage.need_mw_it:.2f} {unit} of {what} at {who}{when}"
    if not shortage.sites:
        return f"{shortage.because}: {need}"
    names = listed(hosts[i] for i in instance.sites.index[list(shortage.sites)])
    hubs = int((~instance.sites["modular"].iloc[list(shortage.sites)]).sum())
    count = f"{len(shortage.sites) - hubs} site(s)" + (f" and {hubs} hub(s)" if hubs else "")
    have = f"{count} in reach have {shortage.have_mw_it:.2f} {unit} ({names})"
    return f"{need} must be served, and the {have}"


def _figures(shortage: Shortage, instance: Instance, names: Mapping[str, str]) -> Iterator[str]:
    """Say how much power and money is missing, as far as it is proven."""
    if shortage.least_capital_mn and instance.budget_mn is not None:
        yield (
            f"any plan takes at least {_down(shortage.least_capital_mn)} M of capital, "
            f"the budget is {instance.budget_mn:,.2f} M"
        )
    if shortage.least_short_mw_it < _TOLD_MW_IT:
        return
    yield f"at least {_down(shortage.least_short_mw_it)} MW IT that must be served would not be"
    full = instance.nodes.iloc[list(shortage.full_nodes)]["limit_mw"]
    if len(full):
        told = (f"{names[str(node)]} ({mw:g} MW)" for node, mw in full.items())
        yield f"limits used up: {listed(told)}"


def _down(least: float) -> str:
    """Write a proven least to two decimals, never more than is proven."""
    return f"{math.floor(100 * least) / 100:,.2f}"


def listed(names: Iterable[object]) -> str:
    """List a few names and count the rest."""
    known = [str(name) for name in names]
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return ", ".join(known[:_NAMED]) + more

"""A reason in a sentence that a planner can act on."""

from collections.abc import Iterable, Mapping

from microdc.explain.bottleneck import Shortage
from microdc.instance import Instance

_NAMED = 5


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
        return shortage.because
    points = instance.points.iloc[list(shortage.points)]
    who = listed(places[place] for place in points["place"].unique())
    what = listed(points["service"].unique())
    need = f"{shortage.need_mw_it:.2f} MW IT of {what} at {who}"
    if not shortage.sites:
        return f"{shortage.because}: {need}"
    names = listed(hosts[i] for i in instance.sites.index[list(shortage.sites)])
    hubs = int((~instance.sites["modular"].iloc[list(shortage.sites)]).sum())
    count = f"{len(shortage.sites) - hubs} site(s)" + (f" and {hubs} hub(s)" if hubs else "")
    have = f"{count} in reach have {shortage.have_mw_it:.2f} MW IT ({names})"
    return f"{need} must be served, and the {have}"


def listed(names: Iterable[object]) -> str:
    """List a few names and count the rest."""
    known = [str(name) for name in names]
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return ", ".join(known[:_NAMED]) + more

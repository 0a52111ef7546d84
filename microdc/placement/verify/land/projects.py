"""Promises on sites that are built together as projects."""

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from microdc.placement.verify.facts import (
    POWER_MW,
    Facts,
    Promise,
    geodesic_km,
    name_of,
    texts,
    told,
)

_MILLIMETRES_KM = 2e-6


def projects_keep_together(facts: Facts) -> list[str]:
    """
    Every new site belongs to one project, centred on one of its own and near enough to it.

    A project has enough megawatts and not too many owners; without the rule there are none.
    """
    return told(_unfit(facts))


def _unfit(facts: Facts) -> Iterator[str]:
    rules = facts.scenario.limits.projects
    project = dict(zip(facts.sites.index, texts(facts.sites["project"]), strict=True))
    exists = facts.substations["existing_mw"] > 0
    if rules is None:
        yield from (f"{site}: in a project, and none are asked for"
                    for site, centre in project.items() if centre is not None)  # fmt: skip
        return
    members = defaultdict(list)
    for site, centre in project.items():
        if exists[site] != (centre is None):
            told_of = "exists, and belongs to a" if exists[site] else "belongs to no"
            yield f"{name_of(facts, site)}: {told_of} project"
        elif centre is not None and project.get(centre) != centre:
            yield f"{name_of(facts, site)}: {centre}, its project's centre, is not of it"
        elif centre is not None:
            members[centre].append(site)
    for centre, sites in members.items():
        yield from _too_far(facts, centre, sites)
        yield from _unlike_one_project(facts, centre, sites)


def _extent_km(facts: Facts) -> float:
    """Give how far from its project's centre a site may be (km)."""
    rules, latency = facts.scenario.limits.projects, facts.scenario.latency
    if rules is None or rules.within_rtt_ms is None:
        return math.inf if rules is None or rules.within_km is None else rules.within_km
    return rules.within_rtt_ms / 2 * latency.km_per_ms / latency.route_factor


def _too_far(facts: Facts, centre: str, sites: list[str]) -> Iterator[str]:
    ends = [facts.substations.loc[side, c].to_numpy(float)
            for side in ([centre] * len(sites), sites) for c in ("lat", "lon")]  # fmt: skip
    most_km = _extent_km(facts)
    for site, km in zip(sites, np.asarray(geodesic_km(*ends)), strict=True):
        if km > most_km + _MILLIMETRES_KM:
            yield (
                f"{name_of(facts, site)}: {km:.3f} km from {centre}, the centre of its project, "
                f"at most {most_km:g} km are allowed"
            )


def _unlike_one_project(facts: Facts, centre: str, sites: list[str]) -> Iterator[str]:
    rules = facts.scenario.limits.projects
    assert rules is not None
    mw = math.fsum(facts.sites["mw"][site] for site in sites)
    if mw < rules.min_mw - POWER_MW * len(sites):
        yield f"project of {centre}: {mw:.4f} MW, at least {rules.min_mw:g} MW are allowed"
    owner = facts.substations["owner"]
    owners = {owner[site] if isinstance(owner[site], str) else (site,) for site in sites}
    if rules.max_owners is not None and len(owners) > rules.max_owners:
        yield f"project of {centre}: {len(owners)} owners, at most {rules.max_owners} are allowed"


PROMISES: tuple[Promise, ...] = (projects_keep_together,)

"""Sites that a scenario names, to force or forbid: refused where that cannot be."""

import difflib

import pandas as pd

from microdc.errors import Fault, InputError
from microdc.inputs.hosts.capacity import least_mw
from microdc.scenario import Scenario


def check_named_sites(
    scenario: Scenario, substations: pd.DataFrame, candidates: pd.DataFrame
) -> None:
    """Refuse to force what cannot be a site, forbid what stands, or name what is not there."""
    only_feeds = substations["feeds"] & (substations["existing_mw"] == 0)
    known = substations.index[~only_feeds]
    named = {"force": scenario.limits.force, "forbid": scenario.limits.forbid}
    faults = [
        _no_such_site(scenario, f"limits.{key}", site, substations)
        for key, sites in named.items()
        for site in sites
        if site not in known
    ]
    faults += [
        Fault(
            file=str(scenario.path.name),
            at="limits.force",
            says=_why_no_site(substations, site),
            found=site,
            allowed=f"a candidate that can bear {least_mw(scenario, substations)[site]:g} MW",
        )
        for site in scenario.limits.force
        if site in known and site not in candidates.index
    ]
    faults += [
        Fault(
            file=str(scenario.path.name),
            at="limits.forbid",
            says="this site stands already",
            found=f"{site}, {candidates['existing_mw'][site]:g} MW",
            allowed="ids without existing_mw",
        )
        for site in scenario.limits.forbid
        if site in candidates.index and candidates["existing_mw"][site] > 0
    ]
    if faults:
        raise InputError(faults)


def _why_no_site(substations: pd.DataFrame, site: str) -> str:
    reason = substations["excluded"][site]
    because = f": it is excluded ({reason})" if isinstance(reason, str) else ""
    what = "parcel" if substations["parcel"][site] else "substation"
    return f"this {what} cannot be a site{because}"


def _no_such_site(scenario: Scenario, at: str, site: str, substations: pd.DataFrame) -> Fault:
    what = "parcel" if scenario.parcels else "substation"
    known = substations.index[substations["parcel"]] if scenario.parcels else substations.index
    nearest = difflib.get_close_matches(site, list(known), n=1)
    return Fault(
        file=str(scenario.path.name),
        at=at,
        says=f"no {what} has this id",
        found=site,
        nearest=nearest[0] if nearest else "",
    )

"""What sites may not exceed together: the power tree, counts, distances."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.errors import Fault, InputError
from microdc.ground.distance import geodesic_km
from microdc.inputs.hosts.capacity import ancestors_of
from microdc.instance import ALL_SITES, WATT_MW, Floats, Ints, Projects, matrix_of
from microdc.latency.apart import cliques_of, pairs_nearer_than
from microdc.scenario import Latency, Scenario
from microdc.scenario import Projects as ProjectRules

_MILLIMETRE_KM = 1e-6


def tree_limits(substations: pd.DataFrame, sites: pd.DataFrame) -> tuple[pd.DataFrame, csr_array]:
    """Give the limits that all sites below them could exceed together, and who is below which."""
    member = at_and_below(substations, sites.index)
    limit: Floats = substations["headroom_mw"].to_numpy()
    growth_mw = (sites["cap_mw"] - sites["existing_mw"]).to_numpy()
    binding = np.flatnonzero(member @ growth_mw > limit + WATT_MW)
    nodes = pd.DataFrame({"limit_mw": limit[binding]}, index=substations.index[binding])
    return nodes, csr_array(member[binding])


def at_and_below(substations: pd.DataFrame, sites: pd.Index) -> csr_array:
    """Give the sites (ids) at and below each row of the power tree, as ones, rows x sites."""
    row = substations.index.get_indexer(sites)
    above = (np.where(row < 0, -1, level[row]) for level in ancestors_of(substations))
    own = [row, *above]
    node = np.concatenate(own)
    site = np.tile(np.arange(len(sites)), len(own))
    at = node >= 0
    ones = np.ones(at.sum())
    return csr_array((ones, (node[at], site[at])), shape=(len(substations), len(sites)))


def site_counts(
    scenario: Scenario, candidates: pd.DataFrame, sites: int
) -> tuple[pd.DataFrame, csr_array]:
    """Give the most new sites overall and of each state, owner or group, and who counts as what."""
    rules: dict[str, tuple[int, Ints]] = {}
    new = candidates.assign(at=np.arange(len(candidates)))[candidates["existing_mw"] == 0]
    if scenario.limits.max_sites is not None:
        rules[ALL_SITES] = (scenario.limits.max_sites, new["at"].to_numpy())
    for column, most in scenario.limits.max_sites_by.items():
        for value, rows in new.groupby(column)["at"]:
            rules[f"{column} {value}"] = (most, rows.to_numpy())
    counts = pd.DataFrame({"most": [most for most, _ in rules.values()]}, index=list(rules))
    return counts, matrix_of((rows for _, rows in rules.values()), sites)


def sites_apart(scenario: Scenario, candidates: pd.DataFrame, sites: int) -> csr_array:
    """
    Give sets of candidates of which at most one can be built; refuse to force two of them.

    Existing sites stand where they stand, but a new one keeps its distance to them.
    """
    least_km = scenario.limits.separation_km
    pairs = pairs_nearer_than(candidates, least_km)
    existing = candidates["existing_mw"].to_numpy() > 0
    pairs = pairs[~existing[pairs].all(axis=1)]
    settled = existing | candidates.index.isin(scenario.limits.force)
    faults = []
    for pair in pairs[settled[pairs].all(axis=1)]:
        one, other = (candidates.iloc[[row]] for row in pair)
        km = geodesic_km(*(end[axis].to_numpy() for end in (one, other) for axis in ("lat", "lon")))
        faults.append(
            Fault(
                file=str(scenario.path.name),
                at="limits.force",
                says="two sites, forced or existing, are nearer than limits.separation_km",
                found=f"{one.index[0]} and {other.index[0]}, {km[0]:.3f} km apart",
                allowed=f"at least {least_km:g} km",
            )
        )
    if faults:
        raise InputError(faults)
    return matrix_of(cliques_of(pairs, len(candidates)), sites)


def projects_of(
    scenario: Scenario, candidates: pd.DataFrame, sites: pd.DataFrame
) -> Projects | None:
    """
    Give `Instance.projects` of `Instance.sites`, of which `candidates` come first; None: none.

    Who could not be the centre of enough megawatts is left out as one. Existing sites and hubs
    belong to no project.
    """
    rules = scenario.limits.projects
    if rules is None:
        return None
    new = np.zeros(len(sites), dtype=bool)
    new[: len(candidates)] = candidates["existing_mw"] == 0
    pairs = pairs_nearer_than(candidates, _extent_km(scenario.latency, rules) + _MILLIMETRE_KM)
    alone = np.repeat(np.arange(len(candidates))[:, None], 2, axis=1)
    both = np.concatenate([pairs, pairs[:, ::-1], alone])
    both = both[new[both].all(axis=1)]
    member, centre = both[np.lexsort((both[:, 1], both[:, 0]))].T
    most_mw = np.bincount(centre, sites["cap_mw"].to_numpy()[member], minlength=len(sites))
    enough = most_mw[centre] >= rules.min_mw - WATT_MW
    owner, names = np.zeros(len(sites), dtype=np.int64), candidates["owner"]
    owner[: len(candidates)] = pd.factorize(names.fillna(pd.Series(names.index, names.index)))[0]
    return Projects(
        joins=new,
        member=member[enough],
        centre=centre[enough],
        owner=owner,
        least_mw=rules.min_mw,
        most_owners=rules.max_owners,
    )


def _extent_km(latency: Latency, rules: ProjectRules) -> float:
    """Give how far from the centre of its project a site may be (km)."""
    if rules.within_km is not None:
        return rules.within_km
    assert rules.within_rtt_ms is not None
    return rules.within_rtt_ms * latency.km_per_ms / (2 * latency.route_factor)

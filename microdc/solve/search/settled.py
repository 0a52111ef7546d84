"""What a plan settles, in the words of the problem."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from microdc.instance import Floats, Instance
from microdc.instance.loads import Loads, loads_of
from microdc.solve.outcome import SettledByHour
from microdc.solve.search.master import Master
from microdc.solve.search.repair import Incumbent


class Settled(NamedTuple):
    """Parts of an `Outcome`."""

    sizes_mw: "pd.Series[float]"
    unserved_mw_it: "pd.Series[float]"
    projects: "pd.Series[str]"
    by_hour: SettledByHour | None


def settled(master: Master, plan: Incumbent | None) -> Settled:
    """Say what a plan builds and leaves; nothing, and nothing, if there is none."""
    instance = master.instance
    ids, groups = instance.sites.index, instance.groups.index
    if plan is None:
        nothing, no_projects = (pd.Series(dtype=kind, index=ids[:0]) for kind in (float, object))
        return Settled(nothing.rename("mw"), pd.Series(0.0, index=groups), no_projects, None)
    sizes = plan.sizes
    return Settled(
        sizes_mw=pd.Series(sizes.mw[plan.built], index=ids[plan.built], name="mw"),
        unserved_mw_it=pd.Series(instance.members @ sizes.unserved_mw_it, index=groups),
        projects=projects_in(instance, plan.values),
        by_hour=_by_hour(instance, master.loads, plan),
    )


def projects_in(instance: Instance, values: Floats) -> "pd.Series[str]":
    """Give the site at the centre of each built site's project, by id; columns as `model.build`."""
    projects, ids = instance.projects, instance.sites.index
    if projects is None:
        return pd.Series(dtype=object, index=ids[:0])
    beyond = len(instance.elastic_nodes) + instance.elastic_budget + len(loads_of(instance))
    beyond += 1 + len(instance.risk.probability) if instance.risk else 0
    first = len(values) - beyond - projects.decided
    belongs = values[first : first + len(projects.member)] > 0.5
    member, centre = projects.member[belongs], projects.centre[belongs]
    return pd.Series(ids[centre], index=ids[member], dtype=object)


def _by_hour(instance: Instance, loads: Loads, plan: Incumbent) -> SettledByHour | None:
    if instance.hours is None:
        return None
    services, ids = instance.hours.services.index, instance.sites.index
    who = [services[loads.service], ids[loads.holder]]
    held_mw = pd.Series(
        plan.sizes.load_mw[len(loads.hour) :],
        index=pd.MultiIndex.from_arrays(who, names=["service", "site"]),
        name="mw",
    )
    there = np.isin(loads.holder, plan.built)
    return SettledByHour(unserved_mw_it=plan.sizes.unserved_mw_it, held_mw=held_mw[there])

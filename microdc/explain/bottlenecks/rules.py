"""The rules of the planner and the limits that sites share, each with the instance without it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: whether an instance has it, and the instance without it."""

    name: str
    stated: Callable[[Instance], bool]
    without: Callable[[Instance], Instance]


def _without_tree(instance: Instance) -> Instance:
    none, hours = csr_array((0, len(instance.sites))), instance.hours
    if hours is not None:
        hours = replace(hours.unshared, services=hours.services)
    return replace(instance, nodes=instance.nodes[:0], below=none, hours=hours)


def _without_staying(instance: Instance) -> Instance:
    hours = instance.hours
    return replace(
        instance, hours=hours and replace(hours, services=hours.services.assign(moves=True))
    )


def _without_counts(instance: Instance) -> Instance:
    none = pd.DataFrame({"most": np.empty(0)})
    return replace(instance, counts=none, counted=csr_array((0, len(instance.sites))))


def _without_distance(instance: Instance) -> Instance:
    return replace(instance, apart=csr_array((0, len(instance.sites))))


def _without_forced(instance: Instance) -> Instance:
    return replace(instance, sites=instance.sites.assign(forced=False))


def _without_forbidden(instance: Instance) -> Instance:
    return replace(instance, sites=instance.sites.assign(forbidden=False))


def _without_least_size(instance: Instance) -> Instance:
    least_mw = instance.sites["min_mw"].where(instance.sites["standing"], 0.0)
    return replace(instance, sites=instance.sites.assign(min_mw=least_mw))


def _a_least_size(instance: Instance) -> bool:
    new = ~instance.sites["standing"]
    return bool((instance.sites["min_mw"][new] > 0).any())


RULES_OF_SIZES = (
    Rule(
        name="the smallest size of a site",
        stated=_a_least_size,
        without=_without_least_size,
    ),
    Rule(
        name="the modules that sites come in",
        stated=lambda instance: bool(instance.modules_mw),
        without=lambda instance: replace(instance, modules_mw=()),
    ),
)
"""What sites may be in size, whatever there is for them."""

RULES = (
    Rule(
        name="the budget",
        stated=lambda instance: instance.budget_mn is not None,
        without=lambda instance: replace(instance, budget_mn=None),
    ),
    Rule(
        name="the limit on the number of sites",
        stated=lambda instance: len(instance.counts) > 0,
        without=_without_counts,
    ),
    Rule(
        name="the distance to be kept between sites",
        stated=lambda instance: instance.apart.shape[0] > 0,
        without=_without_distance,
    ),
    Rule(
        name="the projects that sites are built in",
        stated=lambda instance: instance.projects is not None,
        without=lambda instance: replace(instance, projects=None),
    ),
    Rule(
        name="the limits of the power tree",
        stated=lambda instance: (
            len(instance.nodes) > 0
            or (instance.hours is not None and len(instance.hours.limits) > 0)
        ),
        without=_without_tree,
    ),
    Rule(
        name="the classes that may not move",
        stated=lambda instance: (
            instance.hours is not None and not instance.hours.services["moves"].all()
        ),
        without=_without_staying,
    ),
    Rule(
        name="the outages to be survived",
        stated=lambda instance: instance.outages is not None,
        without=lambda instance: replace(instance, outages=None),
    ),
    Rule(
        name="the sites that must be built",
        stated=lambda instance: bool(instance.sites["forced"].any()),
        without=_without_forced,
    ),
    Rule(
        name="the sites that are ruled out",
        stated=lambda instance: bool(instance.sites["forbidden"].any()),
        without=_without_forbidden,
    ),
    *RULES_OF_SIZES,
)
"""Every rule that could stand in the way, in the order in which it is tried."""

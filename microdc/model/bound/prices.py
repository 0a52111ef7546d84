"""What the model's relaxation pays for demand, in order and in outages, and for each limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from microdc.instance import Floats, Instance, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePrices:
    """Prices of what is served while some outages happen together (millions a year)."""

    rows: tuple[int, ...]
    """Of `Outages.sites`."""
    points: Ints
    price: Floats
    """Of a MW IT that must be kept, by `points`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPrice:
    """Price of a site among those that a set of points needs so many of (millions a year)."""

    points: Ints
    price: float


class OfDemand(NamedTuple):
    """Prices of demand in order and in outages, and of the sites it needs whatever is out."""

    point: Floats
    outages: tuple[OutagePrices, ...]
    needed: tuple[CountPrice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices (millions a year), none below zero; arrays in the order of the instance's tables."""

    point: Floats
    """Of a MW IT of demand with everything in order, by demand point."""
    outages: tuple[OutagePrices, ...]
    """Of what must be kept in outages."""
    needed: tuple[CountPrice, ...]
    """Of the sites that sets of points need whatever is out."""
    node: Floats
    """Of a MW of growth below a limit of the power tree."""
    count: Floats
    """Of a site of a kind of which only so many may be built."""
    apart: Floats
    """Of a site of a set of which only one may be built."""
    group: Floats
    """Of a MW IT left unserved of a group that may leave only a part."""
    in_all: float
    """Of a MW IT left unserved, where that is limited over all groups."""
    budget: float
    """Of a million of capital."""

    @classmethod
    def of(
        cls,
        instance: Instance,
        of_demand: OfDemand,
        by_rule: Mapping[str, Mapping[Any, float]],
    ) -> "Prices":
        """Take the prices of the limits from the row prices of `model.constraints`, by rule."""

        def paid(rule: str, keys: list[Any]) -> Floats:
            rows = by_rule.get(rule, {})
            return np.array([max(0.0, -rows.get(key, 0.0)) for key in keys], dtype=float)

        return cls(
            **of_demand._asdict(),
            node=paid("draw_within_tree_limit", list(instance.nodes.index)),
            count=paid("build_at_most", list(instance.counts.index)),
            apart=paid("keep_apart", list(range(instance.apart.shape[0]))),
            group=paid("leave_unserved_at_most", list(instance.groups.index)),
            in_all=float(paid("leave_unserved_in_all_at_most", [0])[0]),
            budget=float(paid("spend_within_budget", [0])[0]),
        )

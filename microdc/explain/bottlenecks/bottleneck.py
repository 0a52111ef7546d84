"""What a bottleneck is: demand, the power in its reach, and what keeps that from being more."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.market import Market, largest_mw
from microdc.oracles.base import Sizes


class Kind(StrEnum):
    """Of what kind a bottleneck is, and so how exact its figures are."""

    OUT_OF_REACH = "out of reach"
    """No site lies within the latency bound; what is short is all of the demand."""
    FULL_SIZE = "full size"
    """Too little power in reach, each site at its largest; short by exactly so much."""
    RULES = "rules"
    """Too little within limits that sites share, or rules of the planner; at least so short."""
    WHOLE_SITES = "whole sites"
    """Parts of sites would do, whole ones do not."""
    TOO_LARGE = "too large"
    """To be served whole by one site, and no site in reach is large enough."""
    WHOLE_PLACES = "whole places"
    """Split between sites all could be served, each point by one site it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that sites share, or a rule of the planner, that is used up."""

    kind: str
    """`node`, `node by hour`, `budget`, `count`, `separation`, `outage` or `stays`."""
    id: str
    """Of the node, the kind of sites, the outage or the service; of sites kept apart, each."""
    amount: float | None = None
    """What it allows: MW at a node, millions of capital, sites of a kind; None: it is no amount."""
    least: float | None = None
    """Of a budget: what any plan takes (millions), proven; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """
    Demand points that need more IT power than they can get, and why.

    Points and sites are rows of the instance. Figures are MW IT at the peak; in an outage, of what
    is kept then; in an hour, of what is wanted then; over `hours` that stand together, MWh IT.
    """

    kind: Kind
    points: tuple[int, ...]
    sites: tuple[int, ...] = ()
    """In reach and allowed; in an outage those that are left."""
    need_mw_it: float
    have_mw_it: float = 0.0
    short_mw_it: float
    """Proven: whatever is built, so much of the need is not met."""
    most_short_mw_it: float | None = None
    """With what was found so much is not met, over all bottlenecks of the kind; None: not known."""
    outages: tuple[int, ...] = ()
    """Rows of `Outages.what` that happen together; none: all is in order."""
    hours: tuple[int, ...] = ()
    """Rows of `Hours.what`; none: at the peak."""
    also: int = 0
    """In so many other outages or hours demand among this is short as well."""
    limits: tuple[Limit, ...] = ()
    cures: tuple[str, ...] = ()
    """Rules each of which, taken off alone, would let there be a plan, as far as was tried."""
    witness: tuple[int, ...] = ()
    """Points that are short by themselves; without any of them the others are not."""
    irreducible: bool = False
    """Whether that was seen of each point of the witness; else time ran out."""

    @property
    def exact(self) -> bool:
        """Whether the shortage is exact, and no bound."""
        return self.kind in (Kind.OUT_OF_REACH, Kind.FULL_SIZE, Kind.TOO_LARGE)

    def of_rows(self, rows: Ints) -> "Bottleneck":
        """Give it with points told as rows of a larger instance, of which these are `rows`."""
        points, witness = (tuple(rows[list(at)].tolist()) for at in (self.points, self.witness))
        return replace(self, points=points, witness=witness)


def at_full_size(instance: Instance) -> Sizes:
    """Build every allowed site as large as it can be; leave unserved all that may be."""
    allowed = np.where(instance.sites["forbidden"] & ~instance.sites["standing"], 0.0, 1.0)
    return Sizes(
        built=allowed,
        mw=allowed * largest_mw(instance),
        unserved_mw_it=instance.most_unserved_by_point_mw_it,
    )


def must_mw_it(instance: Instance) -> Floats:
    """Give what of each point must be served (MW IT); shape (points,)."""
    must: Floats = instance.points["mw_it"].to_numpy() - instance.most_unserved_by_point_mw_it
    return must


def in_reach(instance: Instance) -> Instance:
    """Give the instance with the sites alone that reach some demand, or are there whatever is."""
    reached = [instance.reach.site]
    if instance.outages is not None:
        reached.append(instance.outages.reach.site)
    there = np.flatnonzero((instance.sites["standing"] | instance.sites["forced"]).to_numpy())
    sites = np.unique(np.concatenate([*reached, there])).astype(np.int64)
    return instance if len(sites) == len(instance.sites) else Market(instance).listed(sites)

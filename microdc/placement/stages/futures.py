"""What a programme costs in each future, beside the best that knew which one would come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BestKnowing:
    """
    The best programme of one future, planned as though it were sure; net present (millions).

    first, last
        Its sites (ids) in the first stage and in the last.
    """

    cost_mn: float
    bound_mn: float
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InFuture:
    """
    One future: how likely it is, what the programme costs if it comes, and the best there is then.

    The regret lies between the cost less that of the best found and the cost less its bound. The
    best is None where nobody asked for it.
    """

    name: str
    probability: float
    cost_mn: float
    best: BestKnowing | None = None

    @property
    def regret_mn(self) -> float:
        """The most that can be regretted if it comes (millions); infinite if that is not known."""
        return inf if self.best is None else max(0.0, self.cost_mn - self.best.bound_mn)

    def to_document(self) -> dict[str, Any]:
        """Give what `stages.json` says of the future."""
        told = asdict(self)
        if self.best is not None:
            told["best"] |= {key: list(told["best"][key]) for key in ("first", "last")}
        return told


def appearances(futures: Sequence[InFuture]) -> list[dict[str, Any]]:
    """
    Say how likely each site is in the best programme of a future: in its first stage, its last.

    `id`, `first` and `last` of the sites that are in the first stage of some; the likeliest first.
    """
    first, last = (
        _likely((getattr(one.best, when), one.probability) for one in futures if one.best)
        for when in ("first", "last")
    )
    order = sorted(first, key=lambda site: (-first[site], -last.get(site, 0.0), site))
    return [{"id": site, "first": first[site], "last": last.get(site, 0.0)} for site in order]


def _likely(fleets: Iterable[tuple[Sequence[str], float]]) -> Mapping[str, float]:
    likely: dict[str, float] = {}
    for sites, probability in fleets:
        for site in sites:
            likely[site] = likely.get(site, 0.0) + probability
    return likely

"""A repair: what is changed, by how much, what that costs, and what it cures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """
    A change of a scenario's keys that cures one of its bottlenecks, or all.

    kind
        `headroom`, `bound`, `bounds` (of several classes), `larger sites`, `budget`, `more sites`,
        `nearer sites`, `ruled out`, `excluded area`, `less demand`, or `mix`.
    id, name
        Of the substation, limit, class, kind of sites, site or area; both empty where there is
        but one.
    unit
        Of `stated`, `amount` and `more`; empty where something is lifted as a whole.
    more
        By how much `amount` differs from what is stated.
    cost_mn_yr
        At the prices of repairs (millions a year); None: no price is put on it.
    exact
        A change smaller by one per cent was seen, or is proven, not to do.
    out_of_reach
        Names of the places that no site reaches, where a promise is given up altogether.
    cures
        Numbers of the bottlenecks, from 1, that it cures by itself.
    all
        With it alone there is a plan.
    confirmed
        That was seen: of the whole scenario where it cures all, else of its bottlenecks alone.
    at_least
        With less, the bottlenecks stay; whether so much cures them was not tried.
    """

    kind: str
    id: str
    name: str
    unit: str
    stated: float | None
    amount: float | None
    changes: Mapping[str, Any]
    cost_mn_yr: float | None = None
    exact: bool = True
    out_of_reach: tuple[str, ...] = ()
    cures: tuple[int, ...] = ()
    all: bool = False
    confirmed: bool = False
    at_least: bool = False
    says: str = ""
    """In a sentence."""

    @property
    def more(self) -> float | None:
        """By how much the amount differs from what is stated."""
        if self.amount is None or self.stated is None:
            return None
        return abs(self.amount - self.stated)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        return {
            "sentence": self.says,
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "stated": self.stated,
            "amount": self.amount,
            "more": self.more,
            "unit": self.unit,
            "cost_mn_yr": self.cost_mn_yr,
            "exact": self.exact,
            "cures": list(self.cures),
            "cures_all": self.all,
            "confirmed": self.confirmed,
            "at_least": self.at_least,
            "changes": dict(self.changes),
        }


_MOST_NAMES = 3
_WORDS = {
    "headroom": "{more:,.6f} MW more headroom at {name} (from {stated:,.6g} MW)",
    "bound": "a bound of {amount:.6f} ms for {name} (instead of {stated:g})",
    "bounds": "bounds looser by {amount:.6f} ms for {name}",
    "larger sites": "sites of up to {amount:,.6f} MW (instead of {stated:g})",
    "budget": "a budget of {amount:,.2f} {unit} (instead of {stated:,.2f})",
    "more sites": "up to {amount:g} new sites {name} (instead of {stated:g})",
    "nearer sites": "sites {amount:g} km apart (instead of {stated:g})",
    "less demand": "a promise of {percent:.4f} % of {name} at every place, and not {before:g} %",
    "given up": "giving up the promise of {name} ({before:g} % at every place){because}",
    "ruled out": "letting {name} have a site",
    "excluded area": "letting sites stand in area {id} ({name})",
    "mix": "the cheapest mix of headroom, budget and demand",
}
_LESS = {"less demand": "more promised", "nearer sites": "more between them"}
"""A milder change, where its amount is the larger one."""


def sentence(one: Repair, currency: str) -> str:
    """Say what is changed, by how much, at what cost, and what it cures."""
    percent, before = 100 * (one.amount or 0.0), 100 * (one.stated or 0.0)
    known = {key: getattr(one, key) for key in ("id", "name", "amount", "stated", "more", "unit")}
    words = _WORDS["given up" if one.kind == "less demand" and not one.amount else one.kind]
    because = f", because no site reaches {_few(one.out_of_reach)}" if one.out_of_reach else ""
    text = words.format(**known, percent=percent, before=before, because=because)
    text = " ".join(text.split())
    if one.cost_mn_yr is not None:
        text += f", for about {one.cost_mn_yr:,.4g} M {currency} a year"
    if one.at_least:
        which, less = ", ".join(map(str, one.cures)), _LESS.get(one.kind, "less")
        return f"{text}: with {less}, bottleneck {which} stays; whether it is enough was not tried"
    if not one.exact:
        text += f", not proven to be the {'cheapest' if one.kind == 'mix' else 'least'}"
    if one.all:
        text += "; cures all" if len(one.cures) > 1 else "; cures it"
    elif one.cures:
        text += f"; cures bottleneck {', '.join(map(str, one.cures))}, not all"
    return text if one.confirmed or not one.cures else f"{text} (not confirmed)"


def _few(names: Sequence[str]) -> str:
    told = list(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        told.append(f"{len(names) - _MOST_NAMES} more places")
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)

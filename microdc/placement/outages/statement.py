"""What a plan states about outages: how many there are, and what is lost in the worst of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One thing that is out: `site`, `node` or `zone`, its id and name."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """
    One outage, replayed: who is out, and what can no longer be served (MW IT).

    What is promised is served first, then the dearer class before the cheaper.
    """

    what: tuple[Named, ...]
    """The one or two things that are out."""
    sites: int
    """Sites and hubs out."""
    mw: float
    """Their connections (MW, grid side; of a hub MW IT)."""
    lost_mw_it: float
    lost_by_class_mw_it: dict[str, float]
    """Of it, by class; classes that lose nothing are left out."""
    broken_mw_it: float
    """Of it, promised."""
    kept_share: float | None
    """What is kept of the classes with a promise, of what they are served; None: no such class."""
    hosts: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Ids of the sites and hubs out; not written to files."""

    @classmethod
    def from_document(cls, record: Mapping[str, Any]) -> "Replayed":
        """Give the row that a document states."""
        return cls(**{**record, "what": tuple(Named(**one) for one in record["what"])})

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds of it."""
        return {key: value for key, value in asdict(self).items() if key != "hosts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Outages of one kind: how many take out sites of the plan, and the worst of them."""

    kind: str
    count: int
    worst: Replayed | None

    @classmethod
    def from_document(cls, record: Mapping[str, Any]) -> "Kind":
        """Give the kind that a document states."""
        worst = record["worst"]
        return cls(**{**record, "worst": Replayed.from_document(worst) if worst else None})

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds of it."""
        worst = self.worst.to_document() if self.worst else None
        return {"kind": self.kind, "count": self.count, "worst": worst}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """
    The outages that a plan is to survive, as they would go.

    survive, at_once
        The kinds of things that may be out, and how many at once.
    kinds
        Of each kind: the things that take out sites of the plan, and the worst outage in which
        one of them takes part.
    count, replayed
        Outages that take out sites of the plan, and how many of them were replayed: of very many
        pairs only those whose sites carry most.
    rows
        The worst, what loses most first; outages of the same sites are one row.
    """

    survive: tuple[str, ...]
    at_once: int
    kinds: tuple[Kind, ...]
    count: int
    replayed: int
    rows: tuple[Replayed, ...]

    @property
    def worst(self) -> Replayed | None:
        """The outage that loses most; None where nothing of the plan can be out."""
        return self.rows[0] if self.rows else None

    @classmethod
    def from_document(cls, record: Mapping[str, Any]) -> "Outages":
        """Give what a document states."""
        told = {
            "survive": tuple(record["survive"]),
            "kinds": tuple(Kind.from_document(kind) for kind in record["kinds"]),
            "rows": tuple(Replayed.from_document(row) for row in record["rows"]),
        }
        return cls(**{**record, **told})

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds."""
        return {
            "survive": list(self.survive),
            "at_once": self.at_once,
            "kinds": [kind.to_document() for kind in self.kinds],
            "count": self.count,
            "replayed": self.replayed,
            "rows": [row.to_document() for row in self.rows],
        }

"""What is known of each scenario of a batch: its result, what is special about it, its fleet."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microdc.batch.result import Result
from microdc.batch.summary.varied import varied_in
from microdc.placement.verify.document import DOCUMENT
from microdc.placement.words.aims import AS_GOOD, such

Record = dict[str, Any]

_OF_A_SITE = (
    *("id", "name", "lat", "lon", "mw", "existing_mw", "load_mw", "utilisation", "pue"),
    *("substation", "headroom_mw", "worst_rtt_ms", "mean_rtt_ms"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The sites of a plan, as its document has them, and who is to be named on a map of them."""

    sites: tuple[Record, ...]
    """With `mw_it` (MW IT that the connection feeds) and `cost_mn_yr` (millions a year) of each."""
    attributions: tuple[str, ...]

    @property
    def mw_it(self) -> float:
        """IT power of all sites (MW IT)."""
        return float(sum(site["mw_it"] for site in self.sites))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A scenario of a batch."""

    result: Result
    varied: Record = field(default_factory=dict)
    """Its values of the keys in which the scenarios differ."""
    fleet: Fleet | None = None
    """None where there is no plan, or its folder can no longer be read."""

    @property
    def name(self) -> str:
        """What it is called in the batch."""
        return self.result.name

    def figure(self, key: str) -> Any:
        """Give a figure of its plan; None where there is none."""
        return self.result.figures.get(key)

    @property
    def of_which(self) -> str:
        """Of which plans the bound on cost holds, as ` that serves as much`; '' where of all."""
        return such(self.figure("objective") or "", self.figure("reached") or ())

    @property
    def why(self) -> str:
        """The first sentence of the reason for there being no plan, or none within the gap."""
        lines = [line.strip().removeprefix("- ") for line in self.result.reason.splitlines()]
        if not lines:
            return ""
        whole = " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]
        return whole.split(". ")[0]


def tell(results: Sequence[Result], out: Path) -> list[Told]:
    """Read the fleets of a batch's plans below its folder `out`, and how its scenarios differ."""
    varied = varied_in([result.file for result in results])
    return [
        Told(result=result, varied=special, fleet=_fleet(result, out))
        for result, special in zip(results, varied, strict=True)
    ]


def keys_of(told: Iterable[Told]) -> list[str]:
    """Give the keys in which the scenarios differ, in order."""
    return list(dict.fromkeys(key for one in told for key in one.varied))


def whose(told: Iterable[Told]) -> str:
    """Say of which plans of a scenario bounds on cost hold; '' where all of them hold of all."""
    return AS_GOOD if any(one.of_which for one in told) else ""


def _fleet(result: Result, out: Path) -> Fleet | None:
    if result.plan is None:
        return None
    try:
        document = json.loads((out / result.plan / DOCUMENT).read_bytes())
        sites = tuple(_site(row) for row in document["sites"])
        return Fleet(sites=sites, attributions=tuple(document["attributions"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _site(row: Record) -> Record:
    cost_mn_yr = sum(value for key, value in row.items() if key.endswith("_mn_yr"))
    known = {key: row[key] for key in _OF_A_SITE}
    return {**known, "mw_it": row["mw"] / row["pue"], "cost_mn_yr": cost_mn_yr}

"""Regret as tables: fleets against scenarios, every pair with its proof, and each fleet's worst."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microdc.batch.summary.regret.fleets import Built, different_fleets
from microdc.batch.summary.regret.priced import Asked, Regret, regrets_in
from microdc.batch.summary.told import Told
from microdc.solve.outcome import NOTHING_MN

Spread = Callable[[Callable[[Asked], list[Regret]], Iterable[Asked]], Iterable[list[Regret]]]
"""How scenarios are shared out: `map`, that of any executor, or that of a batch's workers."""
Follow = Callable[[int, int], bool]
"""Told in how many scenarios of how many all fleets are priced; says whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrets:
    """All fleets of a batch in all of its scenarios that have a plan."""

    fleets: tuple[Built, ...]
    scenarios: tuple[str, ...]
    pairs: dict[tuple[str, str], Regret]
    """By fleet and scenario."""
    left: int
    """Scenarios that were not looked at, because it was ended."""
    currency: str | None
    """None where scenarios have several: then nothing is added up over them."""

    def of(self, fleet: Built) -> list[Regret]:
        """Give the regret of a fleet in each scenario."""
        return [self.pairs[fleet.name, scenario] for scenario in self.scenarios]


def go_on(_done: int, _of: int) -> bool:
    """Follow nothing, and never end early."""
    return True


def regrets(
    told: Sequence[Told], out: Path, spread: Spread = map, follow: Follow = go_on
) -> Regrets:
    """
    Price every fleet in every scenario that has a plan; `out` is the batch's folder.

    A scenario's own fleet costs what its plan does. Scenarios that `spread` gives nothing for, or
    that come after `follow` had enough, are counted as left.
    """
    fleets, planned = different_fleets(told), [one for one in told if one.fleet is not None]
    asked = [
        Asked(scenario=one.name, folder=out / str(one.result.plan), fleets=tuple(fleets))
        for one in planned
    ]
    found: list[list[Regret]] = []
    if follow(0, len(asked)):
        with suppress(BrokenExecutor):  # a worker that is lost ends it
            for priced in spread(regrets_in, asked):
                found.append(priced)
                if not follow(len(found), len(asked)):
                    break
    currencies = {str(one.figure("currency")) for one in planned}
    return Regrets(
        fleets=tuple(fleets),
        scenarios=tuple(one.scenario for one in asked[: len(found)]),
        pairs={(one.fleet, one.scenario): one for priced in found for one in priced},
        left=len(asked) - len(found),
        currency=currencies.pop() if len(currencies) == 1 else None,
    )


def fleets_table(found: Regrets) -> pd.DataFrame:
    """
    Give a row per fleet, that of least worst regret first, then what it costs in each scenario.

    `fleet`, `sites`, `mw`, the `scenarios` whose plan it is, `worst_mn_yr` and `mean_mn_yr` over
    the scenarios in which it is possible, `worst_at_most_mn_yr` (proven), `impossible_in` and
    `not_known_in` (numbers of scenarios); then a column per scenario with its regret there
    (millions a year; empty where it is impossible or not known).
    """
    rows = [_of_fleet(found, fleet) for fleet in found.fleets]
    table = pd.DataFrame(rows, columns=[*_FLEET, *(f"in {name}" for name in found.scenarios)])
    order = ["impossible_in", "not_known_in", "worst_mn_yr", "mean_mn_yr", "fleet"]
    return table.sort_values(order, ignore_index=True)


_FLEET = (
    *("fleet", "sites", "mw", "scenarios", "worst_mn_yr", "worst_at_most_mn_yr", "mean_mn_yr"),
    *("impossible_in", "not_known_in"),
)


def _of_fleet(found: Regrets, fleet: Built) -> dict[str, Any]:
    each = found.of(fleet)
    known = [c for one in each if (c := one.change) is not None and c.found_mn_yr is not None]
    costs = [_found(one) for one in each if np.isfinite(_found(one))]
    summed = found.currency is not None and costs
    impossible = sum(one.solved.impossible for one in each)
    return {
        "fleet": fleet.name,
        "sites": len(fleet.sizes_mw),
        "mw": sum(fleet.sizes_mw.values()),
        "scenarios": "; ".join(fleet.scenarios),
        "worst_mn_yr": max(costs) if summed else np.nan,
        "worst_at_most_mn_yr": max(c.most_mn_yr for c in known) if summed else np.nan,
        "mean_mn_yr": sum(costs) / len(costs) if summed else np.nan,
        "impossible_in": impossible,
        "not_known_in": len(each) - impossible - len(costs),
        **{f"in {one.scenario}": _found(one) for one in each},
    }


def _found(one: Regret) -> float:
    found = one.change.found_mn_yr if one.change else None
    if found is None:
        return np.nan
    return 0.0 if abs(found) <= NOTHING_MN else found


def pairs_table(found: Regrets) -> pd.DataFrame:
    """
    Give a row per fleet and scenario.

    `fleet`, `scenario`, `status` (possible, impossible, not known), `cost_mn_yr` and `bound_mn_yr`
    of the best plan with that fleet, `regret_mn_yr` as found, `regret_at_least_mn_yr` and
    `regret_at_most_mn_yr` as proven, and `why` it is impossible or not known.
    """
    rows = [_pair(one) for fleet in found.fleets for one in found.of(fleet)]
    table = pd.DataFrame(rows, columns=list(_PAIR))
    numbers = [column for column in _PAIR if column.endswith("_mn_yr")]
    finite = table[numbers].astype(float).replace([np.inf, -np.inf], np.nan)
    return table.assign(**{column: finite[column] for column in numbers})


_PAIR = (
    *("fleet", "scenario", "status", "cost_mn_yr", "bound_mn_yr", "regret_mn_yr"),
    *("regret_at_least_mn_yr", "regret_at_most_mn_yr", "why"),
)


def _pair(one: Regret) -> dict[str, Any]:
    return {
        "fleet": one.fleet,
        "scenario": one.scenario,
        "status": status_of(one),
        "cost_mn_yr": one.solved.cost,
        "bound_mn_yr": one.solved.bound,
        "regret_mn_yr": _found(one),
        "regret_at_least_mn_yr": np.nan if one.change is None else one.change.least_mn_yr,
        "regret_at_most_mn_yr": np.nan if one.change is None else one.change.most_mn_yr,
        "why": one.why or None,
    }


def status_of(one: Regret) -> str:
    """Say in a word what is known of a fleet in a scenario."""
    if one.solved.impossible:
        return "impossible"
    return "possible" if np.isfinite(one.solved.cost) else "not known"

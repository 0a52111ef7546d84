"""From an integer point to a plan that delivers: its sites stay, their sizes are settled."""

from dataclasses import dataclass, replace

import numpy as np

from microdc.instance import Floats, Ints
from microdc.oracles.base import Cut, Oracle, Sizes
from microdc.solve.search.master import Master


@dataclass(frozen=True, slots=True, kw_only=True)
class Incumbent:
    """A plan that delivers, by column values of a master, and its cost by the model."""

    values: Floats
    sizes: Sizes
    cost: float

    @property
    def built(self) -> Ints:
        """Rows of the sites built."""
        return np.flatnonzero(self.sizes.built > 0.5)


def repair(master: Master, oracle: Oracle, built: Ints) -> Incumbent | None:
    """
    Find the cheapest sizes at which the built sites deliver; None if none do, or out of time.

    Every cut found on the way is added to the master.
    """
    program = master.on_sites(built)
    found: list[Cut] = []
    seen: set[int] = set()
    while (answer := program.run()).has_values:
        settled = _settled(master, answer.values)
        cuts = oracle.violated_by(settled)
        if not cuts:
            master.add(found)
            values = answer.values[: len(master.form.cost)].copy()
            values[: 2 * master.sites] = np.concatenate([settled.built, settled.mw])
            cost = float(master.form.cost @ values) + master.form.offset
            return Incumbent(values=values, sizes=settled, cost=cost)
        fresh = [cut for cut in cuts if cut.key not in seen]
        if not fresh:
            break  # the solver leaves rows short by more than we do
        seen |= {cut.key for cut in fresh}
        program.add_rows(*master.rows_of(fresh))
        found += fresh
    master.add(found)
    return None


def _settled(master: Master, values: Floats) -> Sizes:
    """Round the built sites to whole ones and keep sizes within their limits."""
    sites = master.instance.sites
    sizes = master.sizes(values)
    built = np.round(sizes.built)
    least, cap = sites["min_mw"].to_numpy(), sites["cap_mw"].to_numpy()
    mw = built * np.clip(sizes.mw, least, cap)
    loads, load_mw = master.loads, sizes.load_mw.copy()
    by_hour = slice(len(loads.hour))
    load_mw[by_hour] = np.minimum(load_mw[by_hour], mw[loads.site])
    return replace(sizes, built=built, mw=mw, load_mw=load_mw)

"""All that is asked of a plan, as one oracle."""

from collections.abc import Callable

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.needed import Counter
from microdc.oracles.base import Cut, Oracle, Sizes
from microdc.oracles.delivery import Delivery, in_order
from microdc.oracles.hourly import Hourly
from microdc.oracles.outages.survival import Survival


class InEveryState:
    """What is asked of a plan that must survive outages: delivery in order, and in each of them."""

    def __init__(self, *oracles: Oracle) -> None:
        self._oracles = oracles

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give rows that the sizes violate in any state."""
        return [cut for oracle in self._oracles for cut in oracle.violated_by(sizes)]

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write what known cuts speak of anew for other sizes; give the rows broken then."""
        return [cut for oracle in self._oracles for cut in oracle.sharpened(cuts, sizes)]

    def rewritten(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write known cuts anew, as tight as they can be at other sizes."""
        return [cut for oracle in self._oracles for cut in oracle.rewritten(cuts, sizes)]

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether every state is served."""
        return all(oracle.delivers(sizes) for oracle in self._oracles)

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point must leave (MW IT) for every state to be served."""
        missing_mw_it: Floats = np.zeros_like(sizes.unserved_mw_it)
        for oracle in self._oracles:
            missing_mw_it += oracle.missing_mw_it(sizes.leaving(missing_mw_it))
        return missing_mw_it

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """Write cuts of fewer sites again, each by the oracle that found it."""
        return [cut for oracle in self._oracles for cut in oracle.carried_over(cuts, old)]


def oracle_of(instance: Instance, counter: Counter | None, expired: Callable[[], bool]) -> Oracle:
    """
    Give the oracle that knows all states of an instance, and gives up once time is over.

    `counter` counts the sites that sets need among those of the whole instance, if this is a part.
    """
    if instance.hours is not None:
        return Hourly(instance, instance.hours, expired)
    delivery = in_order(instance)
    if instance.outages is None:
        return delivery
    survival = Survival(instance, instance.outages, "strong", expired, counter)
    return InEveryState(delivery, survival)


def alone(oracle: Oracle) -> list[Cut]:
    """
    Give the row of each point by itself, where an oracle knows of nothing but delivery in order.

    Where no site is too small for what it reaches, these rows imply those of all sets.
    """
    return oracle.alone() if isinstance(oracle, Delivery) else []

"""How the costs of a programme in several futures are made one number."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """
    The futures of a programme, weighed as badly for it as is allowed.

    What a programme comes to is the most that the sum of its costs in all futures, each less
    `less_mn`, comes to at any weights that sum to 1, none above its `most`. Where that is how
    likely each future is, this is the expected cost; where it is 1, the worst; where likelihoods
    are all divided by a share, the mean over that share of cases in which it costs most (CVaR).

    probability
        How likely each future is; shape (futures,).
    most
        The most that each may weigh, no less than it is likely and at most 1; shape (futures,).
    less_mn
        What the cost in each future is held against (millions); nothing in the mean over all
        futures, so that the expected cost is never above what a programme comes to; (futures,).
    future
        Number of the future that each stage is in; -1: the same in all; shape (stages,).
    of_group
        Number of the stage of each row of `Instance.groups`; shape (groups,).
    constant_mn
        What no choice changes of each stage's cost, times how likely it is; shape (stages,).
    """

    probability: Floats
    most: Floats
    less_mn: Floats
    future: Ints
    of_group: Ints
    constant_mn: Floats

    def times(self, weight: Floats) -> Floats:
        """Give by what the cost of each stage is multiplied where futures are weighed anew."""
        anew = weight / self.probability
        times: Floats = np.where(self.future < 0, 1.0, anew[self.future])
        return times

    def allowed(self, weight: Floats) -> Floats:
        """Give the weights nearby that sum to 1, none above its most: a solver's are inexact."""
        near: Floats = np.clip(weight, 0.0, self.most)
        missing, room = 1.0 - float(near.sum()), self.most - near
        if missing > 0:
            near += missing * room / room.sum()
        else:
            near /= near.sum()
        return near

    def with_constant(self, of_group_mn: Floats) -> "Risk":
        """Give it where groups cost more whatever is chosen, as in `Instance.groups` (millions)."""
        more_mn = np.bincount(self.of_group, of_group_mn, minlength=len(self.constant_mn))
        return replace(self, constant_mn=self.constant_mn + more_mn)

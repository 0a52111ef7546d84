"""
A tree of sites searched by some processes, in rounds: each takes some of the open parts.

A round is so much work, not so much time, so that the same search comes to the same plan again.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress

import numpy as np
from loky import BrokenProcessPool, ProcessPoolExecutor

from microdc.instance import Ints
from microdc.processes import end_with, out_of_hearing
from microdc.solve.highs import Clock
from microdc.solve.priced.branching.tree import Node, Searched, Tree

_LOOKS_ALONE, _LOOKS_A_ROUND = 200, 150
_MOST_OTHERS = 7
_MOST_PAIRS = 4_000_000  # of an instance that is handed to other processes
_PATIENCE_S = 1.0  # for those who are a little later with their last part than this process
_BETWEEN_LOOKS_S = 0.1


def search(tree: Tree, threads: int, watch: Callable[[], None]) -> None:
    """
    Search a tree until its gap or the time limit is reached, with so many processes.

    The others are started when a few looks by this one were not enough.
    """
    watch()
    tree.run(watch, _LOOKS_ALONE)
    if tree.done:
        return
    small = len(tree.auction.point) <= _MOST_PAIRS
    others = min(threads - 1, _MOST_OTHERS) if small else 0
    with _helpers(tree, others) as helpers:
        while not tree.done:
            for helper, nodes in zip(helpers, tree.handed_out(len(helpers)), strict=True):
                helper.give(nodes, tree.fleets.best, tree.clock)
            tree.run(watch, _LOOKS_A_ROUND)
            tree.take_back([helper.take(tree.clock) for helper in helpers])
            helpers[:] = [helper for helper in helpers if not helper.lost]
            watch()


@contextmanager
def _helpers(tree: Tree, many: int) -> Iterator[list["_Helper"]]:
    helpers = [_Helper(tree) for _ in range(many)]
    try:
        yield helpers
    finally:
        for helper in helpers:
            helper.end()


class _Helper:
    """A process that searches parts of a tree."""

    def __init__(self, tree: Tree) -> None:
        self._pool = ProcessPoolExecutor(1, initializer=_begin, initargs=(os.getpid(), tree))
        self._given: list[Node] = []
        self._out: Future[Searched] | None = None
        self.lost = False

    def give(self, nodes: list[Node], best: Ints | None, clock: Clock) -> None:
        """Let it search some parts, if any, while this process does something else."""
        self._given, self._out = nodes, None
        if nodes:
            # At first, the process is started here.
            with out_of_hearing(), suppress(BrokenProcessPool):
                self._out = self._pool.submit(_searched, nodes, best, clock.left_s)

    def take(self, clock: Clock) -> Searched:
        """Wait for what it found; where it is lost or late, nothing has become of its parts."""
        nothing = Searched(self._given, 0, np.inf, None)
        if self._out is None:
            self.lost = bool(self._given)
            return nothing
        while not self._out.done() and not clock.expired:
            wait([self._out], timeout=_BETWEEN_LOOKS_S)
        wait([self._out], timeout=_PATIENCE_S)
        if self._out.done():
            with suppress(BrokenProcessPool, MemoryError):
                return self._out.result()
        self.lost = True
        self.end()
        return nothing

    def end(self) -> None:
        """End it at once, whatever it is doing."""
        self._pool.shutdown(wait=True, kill_workers=True)


_trees: list[Tree] = []
"""In a helper: its own copy of the tree."""


def _begin(parent: int, tree: Tree) -> None:
    end_with(parent)
    _trees.append(tree)


def _searched(nodes: list[Node], best: Ints | None, left_s: float) -> Searched:
    tree = _trees[-1]
    tree.clock = tree.fleets.clock = Clock(left_s)
    return tree.searched(nodes, best, _LOOKS_A_ROUND)

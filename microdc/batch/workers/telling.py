"""News of a search on its way to whoever waits for it: not every mark, and best effort."""

import time
from collections.abc import Callable

from microdc.solve.outcome import Mark

SECONDS_BETWEEN_MARKS = 0.25

News = tuple[str, Mark]
"""A scenario's name, and where its search stands."""


class Telling:
    """Sends the first mark of each phase, and then one every so often."""

    def __init__(self, name: str, send: Callable[[News], object]) -> None:
        self._name, self._send, self._phase, self._next_s = name, send, "", 0.0

    def __call__(self, mark: Mark) -> None:
        """Send a mark if it is time to; a search never ends because its news do not arrive."""
        now_s = time.monotonic()
        if mark.phase == self._phase and now_s < self._next_s:
            return
        self._phase, self._next_s = mark.phase, now_s + SECONDS_BETWEEN_MARKS
        try:
            self._send((self._name, mark))
        except OSError:  # nobody listens any more
            self._next_s = float("inf")

"""Why no plan can be where the mean round trip is limited: none answers so soon."""

from dataclasses import dataclass, replace

from microdc.instance import Instance
from microdc.placement.words.rounding import ms_down, ms_up
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.turns.held import Means
from microdc.solve.turns.mean_rtt import shortest_mean_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """A mean round trip that no plan has: what is asked, what none is below, what one has (ms)."""

    asked_ms: float
    bound_ms: float
    found_ms: float

    @property
    def sentence(self) -> str:
        """Say what is impossible, and what is not."""
        text = (
            f"no plan answers in a mean of {self.asked_ms:g} ms, as limits.mean_rtt_ms asks: "
            f"less than {ms_down(self.bound_ms)} ms is proven impossible"
        )
        return f"{text}; {ms_up(self.found_ms)} ms can be had"


def too_soon(instance: Instance, settings: Settings, clock: Clock) -> TooSoon | None:
    """Give the shortest mean that can be if the limit is shorter; None if not proven."""
    asked_ms = instance.most_mean_rtt_ms
    if asked_ms is None:
        return None
    means = Means(settings=settings, clock=clock, watch=lambda _: None)
    free = replace(instance, most_mean_rtt_ms=None)
    found_ms, bound_ms, outcome = shortest_mean_ms(free, means)
    if not outcome.has_plan or bound_ms <= asked_ms:
        return None
    return TooSoon(asked_ms=asked_ms, bound_ms=bound_ms, found_ms=found_ms)

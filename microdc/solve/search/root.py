"""The relaxation, tightened until no set of demand points is short: the first bound."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from microdc.instance import Instance, Ints
from microdc.instance.loads import at_full_draw, loads_of
from microdc.oracles.base import Oracle, OutOfTimeError, Sizes
from microdc.solve.highs import Answer, Status
from microdc.solve.search.master import Master
from microdc.solve.search.relaxation import Row

Report = Callable[[float], None]

_HALFWAY = 0.5
_ROUNDS_TO_A_PURGE = 3
_STILL_SHARE = 0.05  # of the gap asked for: a bound that moves by less stands still
_MOVES = 5
_OPEN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The last relaxation solved, and the core: a point known to deliver."""

    answer: Answer
    rows: list[Row]
    """In force when it was solved, after the planner's."""
    status: Status
    core: Sizes
    rounds: int


def tighten(master: Master, oracle: Oracle, core: Sizes, gap: float, report: Report) -> Root:
    """
    Cut off what cannot be delivered from the relaxation.

    Rows are separated halfway to a point that delivers, the core (in-out separation), which takes
    tens of rounds where the relaxation's own point would take hundreds. Ends when nothing is
    short, when the bound has stopped moving by what `gap` can see, or on the clock.
    """
    rounds, answer = 0, master.relaxation.run()
    last, rows, bounds, status = answer, list(master.relaxation.rows), [], answer.status
    with suppress(OutOfTimeError):
        while answer.status is Status.SOLVED:
            rounds, status = rounds + 1, Status.STOPPED
            last, rows = answer, list(master.relaxation.rows)
            report(master.safe(answer.objective))
            point = master.sizes(answer.values)
            middle = point.toward(core, _HALFWAY)
            if not cut_off(middle, master, oracle):
                core = _sparser(middle, point, master, oracle)
                bounds.append(answer.objective)
                if _stands_still(bounds, gap) or not cut_off(point, master, oracle):
                    status = Status.SOLVED
                    break
            answer = _solved_again(master, purge=rounds % _ROUNDS_TO_A_PURGE == 0)
            status = answer.status
    return Root(answer=last, rows=rows, status=status, core=core, rounds=rounds)


def _solved_again(master: Master, *, purge: bool) -> Answer:
    """Solve the relaxation with the rows added; drop those that hold nothing up, if asked."""
    answer = master.relaxation.run()
    if purge and answer.status is Status.SOLVED:
        master.relaxation.drop_slack(answer.values)
        answer = master.relaxation.run()
    return answer


def cut_off(point: Sizes, master: Master, oracle: Oracle) -> bool:
    """Add rows that a point breaks: of sets known already, else of those that a max-flow finds."""
    sharper = oracle.sharpened(master.relaxation.found, point)
    return bool(master.add(sharper) or master.add(oracle.violated_by(point)))


def full_size(instance: Instance, oracle: Oracle, sites: Ints) -> Sizes:
    """Open some sites at full size, and leave unserved what they cannot deliver."""
    built = np.zeros(len(instance.sites))
    built[sites] = 1.0
    mw = built * instance.sites["cap_mw"].to_numpy(dtype=float)
    full = Sizes(
        built=built,
        mw=mw,
        unserved_mw_it=np.zeros(len(instance.points)),
        load_mw=at_full_draw(instance, loads_of(instance), built, mw),
    )
    return replace(full, unserved_mw_it=oracle.missing_mw_it(full))


def _sparser(core: Sizes, point: Sizes, master: Master, oracle: Oracle) -> Sizes:
    """Give the sites that the relaxation uses, at full size, if they are few and deliver."""
    used = (point.built > _OPEN) | (point.mw > _OPEN)
    if 2 * used.sum() > (core.built > _OPEN).sum():
        return core
    cap_mw, built = master.instance.sites["cap_mw"].to_numpy(), used.astype(float)
    mw = np.where(used, cap_mw, 0.0)
    load_mw = at_full_draw(master.instance, master.loads, built, mw)
    sparse = replace(point, built=built, mw=mw, load_mw=load_mw)
    return sparse if oracle.delivers(sparse) else core


def _stands_still(bounds: list[float], gap: float) -> bool:
    """Tell whether the bound hardly moved the last times that the core did."""
    before = bounds[-1 - _MOVES :]
    return len(before) > _MOVES and before[-1] - before[0] < _STILL_SHARE * gap * abs(before[-1])

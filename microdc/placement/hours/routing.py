"""Loads sent to hosts within the power there is: one small linear program."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

from microdc.instance import Floats, Ints
from microdc.model.build import StandardForm
from microdc.solve.highs import Clock, Options, Program, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Ways to serve loads, aligned: which load, from which host, at what cost, how much at most."""

    load: Ints
    host: Ints
    cost: Floats
    """For each MW IT."""
    most_mw_it: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """
    The power that hosts may draw (MW, grid), each by itself and together below limits.

    `mw` and `pue` by host; `limit_mw` by limit, and the hosts `below` each as ones in a matrix,
    limits x hosts.
    """

    mw: Floats
    pue: Floats
    limit_mw: Floats
    below: csr_array

    def less(self, drawn_mw: Floats) -> "Room":
        """Give the room left beside what is drawn by hosts already."""
        return Room(
            mw=np.maximum(self.mw - drawn_mw, 0.0),
            pue=self.pue,
            limit_mw=np.maximum(self.limit_mw - self.below @ drawn_mw, 0.0),
            below=self.below,
        )


def one_after_another(rooms: list[Room]) -> Room:
    """Lay the hosts and limits of several hours side by side."""
    return Room(
        mw=np.concatenate([room.mw for room in rooms]),
        pue=np.concatenate([room.pue for room in rooms]),
        limit_mw=np.concatenate([room.limit_mw for room in rooms]),
        below=csr_array(block_diag([room.below for room in rooms])),
    )


def route(
    need_mw_it: Floats, ways: Ways, room: Room, cost_of_none: Floats
) -> tuple[Floats, Floats]:
    """
    Serve loads (MW IT) at the least cost; what finds no room costs `cost_of_none` for each MW IT.

    Gives what goes each way, and what of each load finds no room (MW IT).
    """
    program = Program(
        _form(need_mw_it, ways, room, cost_of_none), Options(threads=1), Clock(np.inf)
    )
    answer = program.run()
    if answer.status is not Status.SOLVED:  # every load may be left
        msg = f"routing loads ended with {answer.status}"
        raise AssertionError(msg)
    flow = np.maximum(answer.values, 0.0)
    return flow[: len(ways.load)], flow[len(ways.load) :]


def _form(need_mw_it: Floats, ways: Ways, room: Room, cost_of_none: Floats) -> StandardForm:
    """Write the program; columns: ways, then what is left of loads; rows: loads, hosts, limits."""
    loads, hosts, count = len(need_mw_it), len(room.mw), len(ways.load)
    column = np.arange(count)
    of_load = csr_array((np.ones(count), (ways.load, column)), shape=(loads, count))
    of_host = csr_array((room.pue[ways.host], (ways.host, column)), shape=(hosts, count))
    drawn = vstack([of_host, room.below @ of_host])
    most_mw = np.concatenate([room.mw, room.limit_mw])
    rows = vstack(
        [hstack([of_load, eye_array(loads)]), hstack([drawn, csr_array((len(most_mw), loads))])]
    )
    return StandardForm(
        cost=np.concatenate([ways.cost, cost_of_none]),
        offset=0.0,
        rows=csr_array(rows),
        row_lower=np.concatenate([need_mw_it, np.full(len(most_mw), -np.inf)]),
        row_upper=np.concatenate([need_mw_it, most_mw]),
        lower=np.zeros(count + loads),
        upper=np.concatenate([ways.most_mw_it, need_mw_it]),
        integer=np.zeros(count + loads, dtype=bool),
    )

"""Who is served from where, where some demand has one site each: as near as was found in time."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csc_array, csr_array, hstack

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm
from microdc.placement.assign import Pairs, Transport
from microdc.solve.highs import Clock, Options, Program

_NEAREST = 8  # built sites of each unsplit point that are looked at, beside its own
_WATT_MW = 1e-6  # by which a size may be short of whole points, as the search settled it
_GAP = 1e-3
_MOST_S = 10.0


def least_latency_from_one_site(
    instance: Instance,
    mw: "pd.Series[float]",
    pairs: Pairs,
    settled: tuple[Floats, Ints],
    clock: Clock,
) -> pd.DataFrame:
    """
    Serve unsplit points whole, and others as `least_latency` does; gives what that gives.

    `settled` is what each group may leave unserved (MW IT), and the site (row) of each unsplit
    point as the search chose it, -1 for none. Sites are exchanged for nearer ones, or cheaper where
    service has a price, as far as time allows.
    """
    unserved_mw_it, served_by = settled
    transport = Transport(instance, mw + _WATT_MW, pairs, unserved_mw_it)
    some = _looked_at(instance, pairs, served_by)
    form = _form(transport, instance, some)
    first = Program(_as_found(form, instance, pairs, some, served_by), _options(), Clock(np.inf))
    values = first.run().values
    if not clock.expired:
        program = Program(form, _options(), clock)
        program.start_from(values)
        answer = program.run(_MOST_S)
        values = answer.values if answer.has_values else values
    return transport.service(_in_mw_it(values, transport, instance, some), some)


def _options() -> Options:
    return Options(threads=1, gap=_GAP)


def _looked_at(instance: Instance, pairs: Pairs, served_by: Ints) -> Ints:
    """Choose pairs: all of points that may be split, of others their own and the nearest few."""
    unsplit = instance.unsplit[pairs.point]
    own = served_by[pairs.point] == pairs.site
    order = np.lexsort((pairs.rtt_ms, pairs.point))
    first = np.searchsorted(pairs.point[order], pairs.point[order])
    near = np.zeros(len(order), dtype=bool)
    near[order[np.arange(len(order)) - first < _NEAREST]] = True
    return np.flatnonzero(~unsplit | own | near)


def _form(transport: Transport, instance: Instance, some: Ints) -> StandardForm:
    """Write the transport problem with some pairs, those of unsplit points as whole as they are."""
    empty, unsplit = transport.without_pairs(), _unsplit(transport, instance, some)
    cost, columns, upper = transport.columns(some)
    each = np.where(unsplit, upper, 1.0)
    scaled = csc_array(columns @ csr_array((each, (range(len(some)), range(len(some))))))
    return replace(
        empty,
        cost=np.concatenate([empty.cost, cost * each]),
        rows=csr_array(hstack([empty.rows, scaled])),
        lower=np.concatenate([empty.lower, np.zeros(len(some))]),
        upper=np.concatenate([empty.upper, np.where(unsplit, 1.0, upper)]),
        integer=np.concatenate([empty.integer, unsplit]),
    )


def _as_found(
    form: StandardForm, instance: Instance, pairs: Pairs, some: Ints, served_by: Ints
) -> StandardForm:
    """Settle unsplit points as the search did."""
    lower, upper = form.lower.copy(), form.upper.copy()
    at = len(form.cost) - len(some) + np.flatnonzero(instance.unsplit[pairs.point[some]])
    own = (served_by[pairs.point] == pairs.site)[some][instance.unsplit[pairs.point[some]]]
    lower[at] = upper[at] = own.astype(float)
    return replace(form, lower=lower, upper=upper)


def _unsplit(transport: Transport, instance: Instance, some: Ints) -> np.ndarray:
    return instance.unsplit[transport.pairs.point[some]]


def _in_mw_it(values: Floats, transport: Transport, instance: Instance, some: Ints) -> Floats:
    """Give the flow over pairs in MW IT, those of unsplit points rounded to all or nothing."""
    unsplit, flow = _unsplit(transport, instance, some), values[len(values) - len(some) :]
    whole = np.round(flow) * transport.demand[transport.pairs.point[some]]
    in_mw_it: Floats = values.copy()
    in_mw_it[len(values) - len(some) :] = np.where(unsplit, whole, flow)
    return in_mw_it

"""The textbook model, flows and all, handed to HiGHS as it stands."""

import numpy as np
import pandas as pd

from microdc.instance import Instance
from microdc.model.bound.floor import floor_mn_yr
from microdc.model.build import compile_model
from microdc.model.compact import build_compact
from microdc.solve.highs import Answer, Clock, Options, Program, Status, safe_bound
from microdc.solve.outcome import Counts, Ended, Outcome, Settings, relative_gap


def textbook(instance: Instance, settings: Settings, clock: Clock) -> Outcome:
    """Solve `microdc.model.compact`; the certificate is HiGHS's own."""
    form = compile_model(build_compact(instance))
    options = Options(threads=settings.threads, seed=settings.seed, gap=settings.gap / 2)
    answer = Program(form, options, clock).run()
    sites, points = instance.sites.index, len(instance.points)
    n = len(sites)
    cost = answer.objective if answer.has_values else None
    values = answer.values if answer.has_values else np.zeros(len(form.cost))
    built = np.flatnonzero(values[:n] > 0.5)
    floor = floor_mn_yr(instance)
    bound = max(floor, safe_bound(answer.bound, form))
    return Outcome(
        ended=_ended(answer, cost, bound, settings, clock),
        sizes_mw=pd.Series(values[n : 2 * n][built], index=sites[built], name="mw"),
        unserved_mw_it=pd.Series(
            instance.members @ values[2 * n : 2 * n + points], index=instance.groups.index
        ),
        cost=cost,
        bound=bound,
        floor=floor,
        seconds=clock.seconds,
        counts=Counts(
            pairs=instance.reach.pairs, rows=len(form.row_lower), rounds=1, nodes=answer.nodes
        ),
    )


def _ended(
    answer: Answer, cost: float | None, bound: float, settings: Settings, clock: Clock
) -> Ended:
    if answer.status is Status.INFEASIBLE:
        return Ended.INFEASIBLE
    if cost is not None and relative_gap(cost, bound) <= settings.gap:
        return Ended.WITHIN_GAP
    if clock.interrupted:
        return Ended.INTERRUPTED
    return Ended.TIME_LIMIT if clock.expired else Ended.STALLED

"""The textbook model, flows and all, handed to HiGHS as it stands."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.floor import floor_mn_yr
from microdc.model.build import compile_model
from microdc.model.compact import build_compact
from microdc.solve.forms import relaxed
from microdc.solve.highs import Clock, Options, Program, Status, safe_bound
from microdc.solve.outcome import (
    Counts,
    Outcome,
    Settings,
    SettledByHour,
    ended_at,
    relative_gap,
)

_WATT_MW_IT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A plan to begin with: what is built, and the site (row) of each unsplit point, or -1."""

    built: NDArray[np.bool_]
    served_by: Ints


def textbook(
    instance: Instance, settings: Settings, clock: Clock, start: Start | None = None
) -> Outcome:
    """Solve `microdc.model.compact`; the certificate is HiGHS's own."""
    m = build_compact(instance)
    form = compile_model(m)
    options = Options(threads=settings.threads, seed=settings.seed, gap=settings.gap / 2)
    program = Program(form, options, clock)
    if start is not None:
        program.start_from_some(*_columns_of(m, instance, start))
    answer = program.run()
    values = answer.values if answer.has_values else np.zeros(len(form.cost))
    of = _by_letter(m, values)
    served_by = _served_by(instance, of.get("f", np.empty(0)))
    built = instance.sites.index[of["z"] > 0.5]
    cost = answer.objective if answer.has_values else None
    infeasible = answer.status is Status.INFEASIBLE
    floor = floor_mn_yr(instance)
    bound = max(floor, safe_bound(answer.bound, form))
    near = cost is not None and relative_gap(cost, bound) <= settings.gap_at(cost)
    return Outcome(
        ended=ended_at(clock, infeasible=infeasible, within_gap=near),
        sizes_mw=_large_enough(instance, of["x"], served_by)[built],
        unserved_mw_it=pd.Series(instance.members @ of["v"], index=instance.groups.index),
        projects=_projects(instance, of["a"]),
        served_by=served_by,
        by_hour=_settled(instance, of["v"], pd.Series(of["y"], index=list(m.P)), built),
        cost=cost,
        bound=bound,
        floor=floor,
        method="textbook",
        seconds=clock.seconds,
        counts=Counts(
            pairs=instance.reach.pairs, rows=len(form.row_lower), rounds=1, nodes=answer.nodes
        ),
    )


def _by_letter(m: pyo.ConcreteModel, values: Floats) -> dict[str, Floats]:
    """Sort the values of a model's columns by the letter of the decision; within, as declared."""
    letters = list(m.component_objects(pyo.Var))
    ends = np.cumsum([len(letter) for letter in letters])
    parts = np.split(values, ends[:-1])
    return {letter.local_name: part for letter, part in zip(letters, parts, strict=True)}


def served_whole_if_split(instance: Instance, clock: Clock) -> Ints:
    """
    Serve points at least cost with all sites built, split where that is cheaper.

    Gives the site (row) of each point that is served whole by one site even so, -1 for others: few
    are not, no more than there are sites and rules. Of all points if there is no time.
    """
    m = build_compact(instance)
    form = compile_model(m)
    lower = form.lower.copy()
    lower[: len(instance.sites)] = form.upper[: len(instance.sites)]
    program = Program(replace(relaxed(form), lower=lower), Options(threads=1), clock)
    answer = program.run()
    whole: Ints = np.full(len(instance.points), -1)
    if answer.has_values:
        reach = instance.reach
        point = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
        left_mw_it = instance.points["mw_it"].to_numpy()[point] - _by_letter(m, answer.values)["y"]
        all_of_it = left_mw_it <= _WATT_MW_IT
        whole[point[all_of_it]] = reach.site[all_of_it]
    return whole


def _columns_of(m: pyo.ConcreteModel, instance: Instance, start: Start) -> tuple[Ints, Floats]:
    """Give the columns that a plan to begin with settles, and their values."""
    width = sum(len(letter) for letter in m.component_objects(pyo.Var))
    of = _by_letter(m, np.arange(width, dtype=float))
    point, site = _unsplit_pairs(instance)
    columns = np.concatenate([of["z"], of["f"]]).astype(np.int64)
    values = np.concatenate([start.built, start.served_by[point] == site])
    return columns, values.astype(float)


def _unsplit_pairs(instance: Instance) -> tuple[Ints, Ints]:
    """Give point and site of each pair of an unsplit point, in the order of their columns."""
    reach = instance.reach
    point = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
    some = instance.unsplit[point]
    return point[some], reach.site[some].astype(np.int64)


def _served_by(instance: Instance, chosen: Floats) -> Ints | None:
    """Give the site (row) that serves each point whole, -1 for none; None where all are split."""
    if not instance.unsplit.any():
        return None
    point, site = _unsplit_pairs(instance)
    served_by: Ints = np.full(len(instance.points), -1)
    served_by[point[chosen > 0.5]] = site[chosen > 0.5]
    return served_by


def _large_enough(instance: Instance, mw: Floats, served_by: Ints | None) -> "pd.Series[float]":
    """Add to sizes what whole points take more than nearly whole ones did."""
    size_mw = pd.Series(mw, index=instance.sites.index, name="mw")
    if served_by is None or instance.modules_mw:
        return size_mw
    whole = np.flatnonzero(served_by >= 0)
    mw_it = instance.points["mw_it"].to_numpy()[whole]
    load_mw_it = np.bincount(served_by[whole], weights=mw_it, minlength=len(size_mw))
    return size_mw.clip(lower=load_mw_it * instance.sites["pue"])


def _projects(instance: Instance, belongs: Floats) -> "pd.Series[str]":
    """Give the site at the centre of each built site's project, by id."""
    projects, ids = instance.projects, instance.sites.index
    if projects is None:
        return pd.Series(dtype=object)
    some = belongs > 0.5
    return pd.Series(ids[projects.centre[some]], index=ids[projects.member[some]], dtype=object)


def _settled(
    instance: Instance, unserved_mw_it: Floats, served: "pd.Series[float]", built: pd.Index
) -> SettledByHour | None:
    """Sum what sites hold for what does not move, of whose peak they serve so much (MW IT)."""
    if instance.hours is None:
        return None
    held = pd.DataFrame(served.index.to_list(), columns=["point", "site"])
    of_point = instance.hours.services.index[instance.hours.service]
    held["service"] = held["point"].map(dict(enumerate(of_point)))
    held["mw"] = served.to_numpy() * held["site"].map(instance.sites["pue"])
    kept = held[(held["mw"] > 0) & held["site"].isin(built)]
    return SettledByHour(
        unserved_mw_it=unserved_mw_it, held_mw=kept.groupby(["service", "site"])["mw"].sum()
    )

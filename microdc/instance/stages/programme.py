"""
Several stages as one instance: what is built in one stays in the next.

Each stage has sites, demand points and limits of its own, at what they cost over the years that it
lasts. Nobody serves across stages, so delivery falls apart into stages, and every cut, oracle and
proof of an ordinary instance holds. Only `Stages` ties them together.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array

from microdc.instance.reach import Ints, Reach
from microdc.instance.siting import Instance
from microdc.instance.stages.joined import projects_of_all, tiers_of_all
from microdc.instance.stages.stages import Stages

_PAID_BY_YEAR = ["site_mn_yr", "size_mn_per_mw_yr"]
_LOST_BY_YEAR = ["unserved_mn_per_mw_yr"]


def programme_of(
    stages: Sequence[Instance],
    weights_yr: Sequence[float],
    before: Sequence[int] | None = None,
) -> Instance:
    """
    Give the instance of all stages at once; its cost is that of all years.

    `weights_yr` are the discounted years for which the annual cost of each stage counts, times how
    likely it is; `before` is as `Stages` has it: one after the other unless stated. Ids begin
    with the number of their stage, as `id_in` writes them. A site that a later stage does not have
    is forbidden before: it could not stay. Modules and the bounds of size classes are those of the
    first stage. Stages with hours, outages, or a price or limit of time cannot be joined.
    """
    after = np.arange(-1, len(stages) - 1) if before is None else np.array(before, dtype=np.int64)
    sites = pd.concat(
        [_weighted(one.sites, _PAID_BY_YEAR, k, w) for k, one, w in _each(stages, weights_yr)]
    )
    number = pd.factorize(pd.Index(np.concatenate([one.sites.index for one in stages])))[0]
    of = np.repeat(np.arange(len(stages)), [len(one.sites) for one in stages])
    stays = _stays(of, number, after)
    return Instance(
        sites=sites.assign(forbidden=sites["forbidden"].to_numpy() | ~stays),
        points=_points(stages),
        groups=pd.concat(
            [_weighted(one.groups, _LOST_BY_YEAR, k, w) for k, one, w in _each(stages, weights_yr)]
        ),
        reach=_reach(stages),
        nodes=pd.concat([_renamed(one.nodes, k) for k, one in enumerate(stages)]),
        below=_side_by_side([one.below for one in stages], stages),
        modules_mw=stages[0].modules_mw,
        tiers=tiers_of_all([one.tiers for one in stages], weights_yr),
        projects=projects_of_all([one.projects for one in stages]),
        constant_mn_yr=float(
            sum(w * one.constant_mn_yr for one, w in zip(stages, weights_yr, strict=True))
        ),
        counts=pd.concat([_renamed(one.counts, k) for k, one in enumerate(stages)]),
        counted=_side_by_side([one.counted for one in stages], stages),
        apart=_side_by_side([one.apart for one in stages], stages),
        stages=Stages(
            site=number.astype(np.int64),
            of=of,
            budget_mn=np.array(
                [np.inf if one.budget_mn is None else one.budget_mn for one in stages]
            ),
            before=after,
        ),
    )


def _stays(of: Ints, site: Ints, before: Ints) -> NDArray[np.bool_]:
    """Say of each row whether its site is in every stage after its own, too."""
    stays = np.zeros((len(before), site.max(initial=-1) + 1), dtype=bool)
    stays[of, site] = True
    for stage in range(len(before) - 1, 0, -1):
        if before[stage] >= 0:
            stays[before[stage]] &= stays[stage]
    of_row: NDArray[np.bool_] = stays[of, site]
    return of_row


def id_in(stage: int, name: str) -> str:
    """Give what a site, place, group or limit of a stage (number) is called among all stages."""
    return f"{stage}:{name}"


def of_stage(series: "pd.Series[Any]", stage: int) -> "pd.Series[Any]":
    """Give the part of a series by id that belongs to a stage (number), by its own ids."""
    start = id_in(stage, "")
    mine = series[[str(name).startswith(start) for name in series.index]]
    return mine.rename(index=lambda name: str(name).removeprefix(start))


def _each(
    stages: Sequence[Instance], weights_yr: Sequence[float]
) -> Sequence[tuple[int, Instance, float]]:
    return list(zip(range(len(stages)), stages, weights_yr, strict=True))


def _renamed(table: pd.DataFrame, stage: int) -> pd.DataFrame:
    return table.set_axis([id_in(stage, str(name)) for name in table.index])


def _weighted(table: pd.DataFrame, paid: list[str], stage: int, weight: float) -> pd.DataFrame:
    return _renamed(table.assign(**{name: weight * table[name] for name in paid}), stage)


def _points(stages: Sequence[Instance]) -> pd.DataFrame:
    """Give the demand points of all stages; groups count on from stage to stage."""
    before = np.cumsum([0, *(len(one.groups) for one in stages)])
    parts = [
        one.points.assign(
            place=[id_in(k, str(place)) for place in one.points["place"]],
            group=one.points["group"] + before[k],
        )
        for k, one in enumerate(stages)
    ]
    return pd.concat(parts, ignore_index=True)


def _reach(stages: Sequence[Instance]) -> Reach:
    """Give who may serve whom: nobody across stages."""
    before = np.cumsum([0, *(len(one.sites) for one in stages)])
    pairs = np.cumsum([0, *(one.reach.pairs for one in stages)])
    start = [one.reach.start[1:] + pairs[k] for k, one in enumerate(stages)]
    site = [one.reach.site + before[k] for k, one in enumerate(stages)]
    return Reach(
        start=np.concatenate([[0], *start]).astype(np.int64),
        site=np.concatenate(site).astype(np.int32),
    )


def _side_by_side(parts: Sequence[csr_array], stages: Sequence[Instance]) -> csr_array:
    """Give rows over the sites of each stage as rows over those of all."""
    wide = [
        part if part.shape[0] else csr_array((0, len(one.sites)))
        for part, one in zip(parts, stages, strict=True)
    ]
    return csr_array(block_diag(wide, format="csr"))

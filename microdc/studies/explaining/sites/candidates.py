"""Every row that could be asked about, with what is known of its price: a layer for the map."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from microdc.explain.sites.pricing import by_prices_mn_yr, least_rise_mn_yr
from microdc.placement.parts.records import records
from microdc.studies.explaining.planned import Planned
from microdc.studies.explaining.sites.answers import Answer
from microdc.studies.explaining.sites.reasons import Candidacy

KNOWN = ["name", "lat", "lon", "state", "owner", "headroom_mw", "existing_mw", "as_of"]

_DIGITS = 9  # of millions: beyond the solver's tolerances prices say nothing


def priced_candidates(planned: Planned, answers: Iterable[Answer] = ()) -> list[dict[str, Any]]:
    """
    Give every substation and parcel with a position, and what having it would cost.

    `status` (built, candidate, out of reach, no candidate), `why`, `mw` (built); `cap_mw` it could
    have; `by_prices_mn_yr`, by how much the relaxation's bound rises if it is forced in, an
    estimate; `least_rise_mn_yr`, by how much the cost rises at least, proven; and, of those that
    were solved for (`answers`), the rise `rise_least_mn_yr` to `rise_most_mn_yr`. None: not known.
    """
    rows = planned.region.substations
    rows = rows[rows[["lat", "lon"]].notna().all(axis=1)]
    table = rows[KNOWN].assign(
        **_status(planned, rows.index),
        **_prices(planned, rows.index),
        **_solved(answers, rows.index),
    )
    return records(table.rename_axis("id").reset_index())


def _status(planned: Planned, ids: pd.Index) -> dict[str, "pd.Series[Any]"]:
    instance, candidacy = planned.base.instance, Candidacy(planned.scenario, planned.region)
    why = {row: told.says for row in ids if (told := candidacy.why_none(row))}
    reached = instance.sites.index[np.unique(instance.reach.site)]
    if instance.outages is not None:
        reached = reached.union(instance.sites.index[np.unique(instance.outages.reach.site)])
    status = pd.Series("out of reach", index=ids)
    status[ids.isin(reached)] = "candidate"
    status[ids.isin(list(why))] = "no candidate"
    status[ids.isin(planned.plan.sites.index)] = "built"
    sites = instance.sites["cap_mw"].reindex(ids).where(status != "no candidate")
    mw = planned.plan.sites["mw"].astype(float).reindex(ids)
    reasons = pd.Series(why, dtype=object).reindex(ids)
    place = "no place that it may serve" if planned.scenario.names_pairs else "no place"
    reasons[status == "out of reach"] = f"{place} is within its bound"
    return {"status": status, "why": reasons, "mw": mw, "cap_mw": sites}


def _prices(planned: Planned, ids: pd.Index) -> Mapping[str, "pd.Series[float]"]:
    base = planned.base
    standing = base.instance.sites["standing"] | base.instance.sites["forbidden"]
    asked = base.instance.sites.index[~standing].difference(base.built)
    rise, least = -by_prices_mn_yr(base), least_rise_mn_yr(base)
    return {
        "by_prices_mn_yr": rise.clip(lower=0.0).round(_DIGITS)[asked].reindex(ids),
        "least_rise_mn_yr": least[asked].reindex(ids),
    }


def _solved(answers: Iterable[Answer], ids: pd.Index) -> Mapping[str, "pd.Series[float]"]:
    rises = {
        one.site: one.priced.change for one in answers if one.priced and one.status == "priced"
    }
    least = pd.Series({site: change.least_mn_yr for site, change in rises.items()}, dtype=float)
    most = pd.Series({site: change.most_mn_yr for site, change in rises.items()}, dtype=float)
    known = {"rise_least_mn_yr": least, "rise_most_mn_yr": most}
    return {key: told.where(np.isfinite(told)).reindex(ids) for key, told in known.items()}

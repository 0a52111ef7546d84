"""What moved between two plans: sites, hubs, and who is served from where."""

import numpy as np
import pandas as pd

from microdc.placement.plan import Plan

_SAME_MW = 1e-4  # power is told to 100 W
_WHERE = ["name", "lat", "lon"]


def hosts_then_and_now(before: Plan, after: Plan) -> pd.DataFrame:
    """
    Give each site and hub of either plan with its size in both (MW; of hubs, MW IT) and its fate.

    Same, grown, shrunk, added or dropped; a hub of which nothing is reserved is not there.
    """
    sites = _side_by_side(before.sites, after.sites, "mw").assign(kind="site")
    hubs = _side_by_side(before.hubs, after.hubs, "mw_it").assign(kind="hub")
    hubs = hubs[(hubs["before_mw"] > 0) | (hubs["after_mw"] > 0)]
    both = pd.concat([table for table in (sites, hubs) if len(table)] or [sites])
    return both.assign(fate=_fate(both["before_mw"], both["after_mw"])).reset_index(drop=True)


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame, size: str) -> pd.DataFrame:
    ids = before.index.union(after.index).sort_values()
    named = after[_WHERE].reindex(ids)
    missing = named["lat"].isna()
    named = named.where(~missing, before[_WHERE].reindex(ids), axis=0)
    table = named.assign(
        before_mw=before[size].reindex(ids).fillna(0.0).astype(float),
        after_mw=after[size].reindex(ids).fillna(0.0).astype(float),
    )
    return table.rename_axis("id").reset_index()


def _fate(before_mw: "pd.Series[float]", after_mw: "pd.Series[float]") -> "pd.Series[str]":
    grown_mw = after_mw - before_mw
    cases = [before_mw == 0, after_mw == 0, grown_mw > _SAME_MW, grown_mw < -_SAME_MW]
    fates = np.select(cases, ["added", "dropped", "grown", "shrunk"], "same")
    return pd.Series(fates, index=before_mw.index, dtype=object)


def service_moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """
    Give what is served of each place and class in two plans, and what of it is from elsewhere.

    Columns `id` (of the place), `name`, `lat`, `lon`, `service`, `before_mw_it`, `after_mw_it`
    (served), `moved_mw_it`: served in both plans, but from another site.
    """
    keys = ["place", "service"]
    one, other = (_by_site(table) for table in (before, after))
    hosts = pd.concat([one, other], axis=1, keys=["before", "after"]).fillna(0.0)
    hosts = hosts.assign(stays=hosts.min(axis=1))
    served = hosts.groupby(level=keys).sum()
    rows = pd.concat([after, before]).drop_duplicates(keys).set_index(keys)[_WHERE]
    served = served.reindex(rows.index, fill_value=0.0)
    in_both = served[["before", "after"]].min(axis=1)
    table = rows.assign(
        before_mw_it=served["before"],
        after_mw_it=served["after"],
        moved_mw_it=(in_both - served["stays"]).clip(lower=0.0),
    )
    return table.reset_index().rename(columns={"place": "id"}).sort_values(["id", "service"])


def _by_site(service: pd.DataFrame) -> "pd.Series[float]":
    """Give what each site serves of each place and class (MW IT)."""
    served = service[service["site"].notna()]
    return served.groupby(["place", "service", "site"])["mw_it"].sum()

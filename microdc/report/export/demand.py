"""Demand as a layer of a map: what each place wants of each class, and how well it is served."""

import geopandas as gpd

from microdc.placement.plan import Plan
from microdc.report.export.layers import CRS


def demand_layer(plan: Plan) -> gpd.GeoDataFrame:
    """
    Give a point for each place and class, in the order of the plan's service.

    `place`, `name`, `service`, `demand_mw_it`, `served_mw_it`, `rtt_bound_ms`, `worst_rtt_ms` and
    `margin_ms` between the two; the last two are NaN where nothing is served.
    """
    served = plan.service["site"].notna()
    rows = plan.service.assign(served_mw_it=plan.service["mw_it"].where(served, 0.0))
    by_point = rows.groupby(["place", "service"], sort=False)
    points = by_point.agg(
        name=("name", "first"),
        lat=("lat", "first"),
        lon=("lon", "first"),
        demand_mw_it=("mw_it", "sum"),
        served_mw_it=("served_mw_it", "sum"),
        worst_rtt_ms=("rtt_ms", "max"),
    ).reset_index()
    bound_ms = plan.services.set_index("service")["rtt_bound_ms"]
    points["rtt_bound_ms"] = points["service"].map(bound_ms)
    points["margin_ms"] = points["rtt_bound_ms"] - points["worst_rtt_ms"]
    where = gpd.points_from_xy(points["lon"], points["lat"])
    return gpd.GeoDataFrame(points.drop(columns=["lat", "lon"]), geometry=where, crs=CRS)

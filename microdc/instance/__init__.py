"""
The siting problem as numbers: no paths, no geometry, no settings.

Left of an `Instance` are files, coordinates and prices per item; right of it is mathematics.
Megawatts without `_it` are grid side; `_it` is power at the computers. Money is in millions.
"""

from microdc.instance.hours import Hours
from microdc.instance.outages import Outages, State
from microdc.instance.reach import Floats, Ints, Reach
from microdc.instance.rows import columns_of, matrix_of, rows_of
from microdc.instance.siting import ALL_SITES, Instance
from microdc.instance.sizes import (
    TIER_STEP_MW,
    WATT_MW,
    Projects,
    Tiers,
    attainable_mw,
    irreducible,
)
from microdc.instance.stages import Stages

__all__ = [
    "ALL_SITES",
    "TIER_STEP_MW",
    "WATT_MW",
    "Floats",
    "Hours",
    "Instance",
    "Ints",
    "Outages",
    "Projects",
    "Reach",
    "Stages",
    "State",
    "Tiers",
    "attainable_mw",
    "columns_of",
    "irreducible",
    "matrix_of",
    "rows_of",
]

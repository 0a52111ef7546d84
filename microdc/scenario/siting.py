"""What may be built at one site, and what all sites together may not exceed."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from microdc.scenario.words import NonNegative, Number, Positive, Section, Text, Whole, default
from microdc.yaml12 import Finding

MOST_MW = 1000.0


class Sites(Section):
    """What may be built at one site."""

    min_mw: Annotated[Number, Field(gt=0, le=MOST_MW)] = default(
        5.0, "MW", "EPRI micro data center programme, 2026: 5-20 MW a site"
    )
    """Smallest new site (MW, grid side); a table's column wins, row by row."""

    max_mw: Annotated[Number, Field(gt=0, le=MOST_MW)] = default(
        20.0, "MW", "EPRI micro data center programme, 2026: 5-20 MW a site"
    )
    """Largest site (MW, grid side), what exists included; a table's column wins, row by row."""

    modules_mw: Annotated[
        tuple[Annotated[Number, Field(ge=0.001, le=MOST_MW)], ...], Field(max_length=20)
    ] = ()
    """Sizes (MW, grid side, to the kW) that a site is a sum of; left out: any size between."""

    pue: Annotated[Number, Field(ge=1, le=5)] = default(
        1.25, "MW/MW IT", "AI sites 1.05-1.40; industry mean 1.54, Uptime 2025"
    )
    """Grid power divided by IT power; a table's column wins, row by row."""


class Limits(Section):
    """What the planner may not exceed, and sites settled beforehand."""

    budget_mn: NonNegative | None = None
    """Most capital to spend (millions); what exists is paid."""

    max_sites: Whole | None = None
    """Most new sites to build."""

    max_sites_by: dict[Literal["state", "owner", "group"], Whole] = Field(default_factory=dict)
    """Most new sites to build in each state, of each owner or in each group."""

    mean_rtt_ms: Positive | None = None
    """
    Longest mean round trip (ms) over the demand that some site reaches, by MW IT; what stays
    unserved counts at the `rtt_ms` of its class.
    """

    separation_km: NonNegative = 0.0
    """Least distance between any two sites (km, geodesic), unless both exist."""

    force: tuple[Text, ...] = ()
    """Ids of substations, or of parcels, that must get a site."""

    forbid: tuple[Text, ...] = ()
    """Ids of substations, or of parcels, that must not get a site; none may have one."""


def sizes_fit(sites: Sites) -> Iterator[Finding]:
    """Refuse sizes of which there can be none."""
    allowed = f"at most max_mw, {sites.max_mw:g}"
    if sites.min_mw > sites.max_mw:
        says = "is more than max_mw"
        yield Finding(("sites", "min_mw"), says, f"{sites.min_mw:g}", allowed)
    elif sites.modules_mw and not _modules_fit(sites):
        says = "no sum of modules lies between min_mw and max_mw"
        found = ", ".join(f"{mw:g}" for mw in sites.modules_mw)
        allowed = f"{sites.min_mw:g} to {sites.max_mw:g}"
        yield Finding(("sites", "modules_mw"), says, found, allowed)


def whole_kw(sites: Sites) -> Iterator[Finding]:
    """Refuse modules that are told more finely than to the kW."""
    for place, mw in enumerate(sites.modules_mw):
        if abs(mw * 1e3 - round(mw * 1e3)) > 1e-6:
            yield Finding(("sites", "modules_mw", place), "is not in whole kW", f"{mw:.9g}")


def _modules_fit(sites: Sites) -> bool:
    """Whether some sum of modules lies in the range; bit k of `sums` stands for k kW."""
    least, most = round(sites.min_mw * 1e3), round(sites.max_mw * 1e3)
    room = (1 << (most + 1)) - 1
    sums = 1
    for module_mw in sites.modules_mw:
        step = round(module_mw * 1e3)
        while step <= most:  # after n rounds up to 2^n - 1 modules are in
            sums |= (sums << step) & room
            step *= 2
    return sums >> least > 0

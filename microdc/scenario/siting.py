"""What may be built at one site, and what all sites together may not exceed."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from microdc.scenario.words import NonNegative, Number, Positive, Section, Text, Whole, default
from microdc.yaml12 import Finding, Keys

MOST_MW = 1000.0
_KILOWATT_MW = 0.001


def _as_good_as_none(least_mw: float) -> float:
    """Take no smallest size for a kilowatt: what is built has some size."""
    return least_mw or _KILOWATT_MW


class Tier(Section):
    """A class of sizes of new sites, and what a connection of that size costs and takes."""

    above_mw: Annotated[Number, Field(ge=0, le=MOST_MW)] = 0.0
    """Sizes above this (MW, grid side, to the kW) are of the class, up to where the next begins."""

    name: Text | None = None
    """What the class is called, such as distribution; left out: its sizes."""

    voltage_kv: Positive | None = None
    """Voltage (kV) that a site of this size is connected at; left out: that of the substation."""

    connection_mn: NonNegative | None = None
    """Connection of a site of this size (millions); left out: as `costs` has it, at its voltage."""

    connection_mn_per_mw: NonNegative = 0.0
    """What every MW of such a site adds to its connection (millions per MW, grid side)."""

    deposit_mn: NonNegative = 0.0
    """Deposit for queue and studies that is not paid back (millions), counted as connection."""

    months: NonNegative | None = None
    """Months from application to power, told with the site; they cost nothing by themselves."""


class Sites(Section):
    """What may be built at one site."""

    min_mw: Annotated[Number, Field(ge=0, le=MOST_MW), AfterValidator(_as_good_as_none)] = default(
        5.0, "MW", "EPRI micro data center programme, 2026: 5-20 MW a site"
    )
    """
    Smallest new site (MW, grid side); 0 is none, or a kilowatt. A table's column wins, row by row.
    """

    max_mw: Annotated[Number, Field(gt=0, le=MOST_MW)] = default(
        20.0, "MW", "EPRI micro data center programme, 2026: 5-20 MW a site"
    )
    """Largest site (MW, grid side), what exists included; a table's column wins, row by row."""

    modules_mw: Annotated[
        tuple[Annotated[Number, Field(ge=0.001, le=MOST_MW)], ...], Field(max_length=20)
    ] = ()
    """Sizes (MW, grid side, to the kW) that a site is a sum of; left out: any size between."""

    tiers: Annotated[tuple[Tier, ...], Field(max_length=10)] = ()
    """
    Classes of sizes with connections of their own, the first from 0; left out: one for all sizes.

    Of new sites: what exists is connected, and hubs need no connection.
    """

    pue: Annotated[Number, Field(ge=1, le=5)] = default(
        1.25, "MW/MW IT", "AI sites 1.05-1.40; industry mean 1.54, Uptime 2025"
    )
    """Grid power divided by IT power; a table's column wins, row by row."""

    @property
    def tier_names(self) -> tuple[str, ...]:
        """What each tier is called: its name, else its sizes, such as `above 9.9 to 20 MW`."""
        ends = [*(f"{tier.above_mw:g}" for tier in self.tiers[1:]), ""][: len(self.tiers)]
        return tuple(
            tier.name or _span(f"{tier.above_mw:g}" if tier.above_mw else "", end)
            for tier, end in zip(self.tiers, ends, strict=True)
        )


def _span(above: str, end: str) -> str:
    """Name sizes above one and up to another, of which either may be missing."""
    if above and end:
        return f"above {above} to {end} MW"
    if above or end:
        return f"above {above} MW" if above else f"up to {end} MW"
    return "any size"


class Projects(Section):
    """New sites that are built together: each belongs to one project, around one of its sites."""

    within_km: Positive | None = None
    """Farthest that a site may be from the centre of its project (km, geodesic)."""

    within_rtt_ms: Positive | None = None
    """The same as a round trip between the two (ms): the fibre alone, as `latency` has it."""

    min_mw: NonNegative = 0.0
    """Least that the sites of a project have together (MW, grid side), or none of it is built."""

    max_owners: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Most owners of the substations of a project; a row without `owner` has one of its own."""


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

    projects: Projects | None = None
    """New sites are built as projects, all or nothing; left out: each by itself."""

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
    """Refuse modules and bounds of tiers that are told more finely than to the kW."""
    told: dict[Keys, float]
    told = {("sites", "modules_mw", k): mw for k, mw in enumerate(sites.modules_mw)}
    told |= {("sites", "tiers", k, "above_mw"): tier.above_mw for k, tier in enumerate(sites.tiers)}
    for at, mw in told.items():
        if abs(mw * 1e3 - round(mw * 1e3)) > 1e-6:
            yield Finding(at, "is not in whole kW", f"{mw:.9g}")


def tiers_ascend(sites: Sites) -> Iterator[Finding]:
    """Refuse tiers that do not begin at 0 and rise from there."""
    if sites.tiers and sites.tiers[0].above_mw > 0:
        says, allowed = "the first tier does not begin at 0", "0, or left out"
        found = f"{sites.tiers[0].above_mw:g}"
        yield Finding(("sites", "tiers", 0, "above_mw"), says, found, allowed)
    for k, (below, tier) in enumerate(pairwise(sites.tiers), start=1):
        if tier.above_mw <= below.above_mw:
            allowed = f"more than {below.above_mw:g}"
            says, found = "does not rise from tier to tier", f"{tier.above_mw:g}"
            yield Finding(("sites", "tiers", k, "above_mw"), says, found, allowed)


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

"""What `plan.json` must look like to be a plan at all: nothing missing, nothing unverified."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from microdc.placement.verify.document.certificate import Certificate
from microdc.placement.verify.document.part import Count, Part


class Site(Part):
    """One site as stated."""

    id: str
    name: str
    lat: float
    lon: float
    state: str | None
    voltage_kv: float | None
    headroom_mw: float | None
    arithmetic: str
    parents: list[str]
    substation: str
    feeder_km: float
    fibre_km: float
    mw: float
    existing_mw: float
    tier: str | None = None
    connection_kv: float | None = None
    months: float | None = None
    project: str | None = None
    load_mw: float
    load_mw_it: float
    utilisation: float
    pue: float
    racks: float
    gpus: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    lost_mw_it_when_out: float | None = None
    firm_mw: float | None = None
    curtailed_h_per_yr: float | None = None
    curtailed_mwh_per_mw_yr: float | None = None
    facility_mn_yr: float
    site_mn_yr: float
    connection_mn_yr: float
    feeder_mn_yr: float
    fibre_mn_yr: float
    energy_mn_yr: float


class Hub(Part):
    """One hub as stated."""

    id: str
    name: str
    lat: float
    lon: float
    capacity_mw_it: float
    mw_it: float
    load_mw_it: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    lost_mw_it_when_out: float | None = None
    mn_per_mw_it_yr: float
    reserve_mn_yr: float


class ServiceClass(Part):
    """One class of service as stated."""

    service: str
    rtt_bound_ms: float
    demand_mw_it: float
    served_mw_it: float
    served_share: float
    out_of_reach_mw_it: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    load_mw: float
    racks: float
    gpus: float
    queries_per_s: float | None
    tokens_per_s: float | None
    latency_mn_yr: float = 0.0
    pairs_mn_yr: float = 0.0
    unserved_mn_yr: float


class SupplyPoint(Part):
    """One row of the over-promise report."""

    id: str
    name: str
    limit_mw: float
    below_mw: float
    allowed_mw: float
    binds: bool
    used_mw: float


class OverPromise(Part):
    """Headroom added up one at a time, against what the tree allows."""

    nodes: Count
    sum_mw: float
    allowed_mw: float
    binding: Count
    unit: str
    rows: list[SupplyPoint]


class Out(Part):
    """One thing that is out, by id and name."""

    kind: Literal["site", "node", "zone"]
    id: str
    name: str


class Outage(Part):
    """One outage as it is said to go."""

    what: Annotated[list[Out], Field(min_length=1, max_length=2)]
    sites: Count
    mw: float
    lost_mw_it: float
    lost_by_class_mw_it: dict[str, float]
    broken_mw_it: float
    kept_share: float | None


class OutageKind(Part):
    """Outages of one kind: how many, and the worst."""

    kind: str
    count: Count
    worst: Outage | None


class Outages(Part):
    """The outages that the plan is said to survive."""

    survive: list[Literal["site", "node", "zone"]]
    at_once: Count
    kinds: list[OutageKind]
    count: Count
    replayed: Count
    rows: list[Outage]


class Hour(Part):
    """One hour in which service is promised, as it is said to go."""

    time: str
    day: Count
    weight_h: float
    demand_mw_it: float
    served_mw_it: float
    moved_mw_it: float
    deferred_mw_it: float
    draw_mw: float
    available_mw: float
    curtailed_mw: float
    binding: str


class Hours(Part):
    """The hours in which service is said to be promised."""

    use: str
    connection: Literal["firm", "flexible"]
    count: Count
    days: Count
    of_hours: Count
    rerouted: Count
    firm_mw: float
    firm_service_mw_it: float
    busiest: str
    tightest: str
    rows: list[Hour]


class Excluded(Part):
    """One candidate that an excluded area rules out, or parcel that no substation feeds."""

    id: str
    name: str
    reason: str


class Default(Part):
    """An assumption as stated."""

    key: str
    value: float
    unit: str
    source: str


class File(Part):
    """A file by its path from the plan's folder."""

    path: str
    sha256: str


class Input(File):
    """An input table with its origin."""

    title: str
    licence: str
    date: str


class Provenance(Part):
    """Where the plan comes from; versions and settings are as they are."""

    model_config = ConfigDict(extra="ignore")

    scenario: File
    bases: list[File] = Field(default_factory=list)
    inputs: list[Input]
    service_sha256: str
    hourly_service_sha256: str | None = None


class Alternative(Part):
    """From which fleets this one was to differ, and in how many sites."""

    leaves_out: Annotated[int, Field(ge=1)]
    fleets: Annotated[list[list[str]], Field(min_length=1)]
    within: Annotated[float, Field(ge=0)] = 0.0


class OfStage(Part):
    """Which stage of a programme the plan is of, its gap, and the sites kept from before."""

    name: str
    programme: str
    gap: Annotated[float, Field(ge=0)]
    kept: list[str]
    future: str | None


class Document(Part):
    """All that `plan.json` says."""

    format: int
    name: str
    objective: str
    currency: str
    price_year: int
    status: str
    verdict: str
    certificate: Certificate
    alternative: Alternative | None = None
    stage: OfStage | None = None
    most_mean_rtt_ms: float | None = None
    cost_mn_yr: dict[str, float]
    capital_mn: float
    sites: list[Site]
    hubs: list[Hub]
    services: list[ServiceClass]
    over_promise: OverPromise
    outages: Outages | None = None
    hours: Hours | None = None
    excluded: list[Excluded]
    assumptions: list[Default]
    not_checked: list[str]
    warnings: list[str]
    attributions: list[str]
    provenance: Provenance

    @property
    def worse_by(self) -> float:
        """By what share the plan may be worse than the best in what comes before cost."""
        return self.alternative.within if self.alternative else 0.0

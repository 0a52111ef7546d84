"""
The grammar of scenario.yaml: one typed line per key, its meaning underneath.

Attributes are the keys, in the order of the file. `*_mn` is millions of the scenario's currency;
megawatts without `_it` are grid side. A default that stands for a fact carries unit and source.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from microdc.scenario.costs import COST_YEAR, Costs
from microdc.scenario.land.areas import Exclusions, Zones
from microdc.scenario.land.parcels import Parcels
from microdc.scenario.latency import Latency
from microdc.scenario.parts.compute import Compute, Wanted
from microdc.scenario.parts.hours import Connection, OneConnection, OneDefer, OneHours
from microdc.scenario.parts.objective import Objectives
from microdc.scenario.parts.resilience import OneOutage, OneResilience
from microdc.scenario.parts.rtt_price import RttPrice
from microdc.scenario.parts.solve import Solve
from microdc.scenario.parts.sources import (
    DemandSource,
    Hubs,
    OneMeasured,
    OnePairPrices,
    SubstationSource,
    listed,
)
from microdc.scenario.parts.stages import Future, Futures, Programme, Stage, StageList, Works
from microdc.scenario.siting import Limits, Sites
from microdc.scenario.words import (
    FolderName,
    Name,
    NonNegative,
    Positive,
    Section,
    Share,
    Text,
    default,
)


def _no_truth(value: Any) -> Any:
    """Tell true from 1, which Python takes for equal."""
    return str(value).lower() if isinstance(value, bool) else value


class Service(Wanted):
    """A class of requests: how near it must be answered, how much of it there is, at what price."""

    rtt_ms: Positive
    """Longest network round trip (ms), access and processing included."""

    min_served: Share = 0.0
    """Share that must be served at every place; only for a class with an unserved price."""

    unserved_mn_per_mw_yr: NonNegative | None = None
    """Price of demand left unserved (millions per MW IT and year); none: served in full."""

    outage: OneOutage = None
    """What is kept in every outage that is survived; left out: no promise."""

    movable: Annotated[bool, Field(strict=True)] = default(
        True, "= true", "assumption: any hour's requests may be answered elsewhere than another's"
    )
    """
    Whether its load may be served from other sites in each hour; if not, each place is served from
    the same sites in the same shares all year.
    """

    defer: OneDefer = None
    """What may wait for a later hour of its day; left out: nothing."""

    split: Annotated[bool, Field(strict=True)] = True
    """
    Whether several sites may share a place's demand; if not, each place is served whole by one
    site, or not at all.
    """

    rtt_price: RttPrice = ()
    """What a ms of round trip costs, in steps that rise; sites are then traded against time."""

    @property
    def kept(self) -> float:
        """Share of the service in order that is kept in every outage; 0 is no promise."""
        return 0.0 if self.outage is None else self.outage.served

    @property
    def outage_rtt_ms(self) -> float:
        """Longest round trip in an outage (ms)."""
        stated = None if self.outage is None else self.outage.rtt_ms
        return self.rtt_ms if stated is None else stated

    @property
    def floor(self) -> float:
        """Share of the demand that must be served: all of it where no unserved price is stated."""
        return 1.0 if self.unserved_mn_per_mw_yr is None else self.min_served


class Scenario(Section):
    """All that scenario.yaml says; every key beside the first few has a default."""

    model_config = ConfigDict(validate_default=True)

    schema_: Annotated[Literal[1], BeforeValidator(_no_truth), Field(alias="schema")]
    """Version of this grammar."""

    name: FolderName
    """Name of the scenario, and of the plan's folder; a variant states its own."""

    extends: Text | None = None
    """Scenario file, in this folder or below, of which this one states the difference."""

    currency: Annotated[Text, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    """Currency of every price and cost, as ISO 4217 has it."""

    usd_rate: Positive | None = None
    """Units of the currency per US dollar; default costs are multiplied by it."""

    price_year: Annotated[int, Field(strict=True, ge=1990, le=2100)] = COST_YEAR
    """Year of every price and cost; nothing is inflated."""

    substations: Annotated[
        tuple[SubstationSource, ...], BeforeValidator(listed), Field(min_length=1)
    ]
    """Tables of substations; ids are unique over all."""

    parcels: Parcels = ()
    """Tables of parcels; with any, parcels and not substations are the sites."""

    hubs: Hubs = ()
    """Tables of central data centers; ids are unique over all, and over substations."""

    demand: Annotated[tuple[DemandSource, ...], BeforeValidator(listed), Field(min_length=1)]
    """Tables of places; ids are unique over all."""

    services: Annotated[dict[Name, Service], Field(min_length=1, max_length=100)]
    """Classes of requests by name."""

    latency: Latency = Latency()
    """How a distance becomes a round trip."""

    measured: OneMeasured = None
    """Round trips that were measured, for the pairs that have one."""

    pair_prices: OnePairPrices = None
    """What serving a MW IT over some pairs costs a year; sites are then traded against it."""

    sites: Sites = Sites()
    """What may be built at one site."""

    compute: Compute = Compute()
    """What a megawatt is in computers."""

    costs: Costs = Costs()
    """Capital and energy."""

    limits: Limits = Limits()
    """What may not be exceeded, and what is settled."""

    reinforce: dict[Name, NonNegative] = Field(default_factory=dict)
    """Headroom (MW, grid side) that works add at substations and limits, by id, in every hour."""

    stages: StageList = ()
    """
    States of the fleet in order of dates, planned together: what is built in one stays in those
    after it, and may grow. Left out: one fleet, at one time.
    """

    programme: Programme = Programme()
    """What all stages share."""

    futures: Futures = ()
    """
    How the years after the first stage may turn out. The first stage is the same in all of them,
    the others are planned for each, and the cost expected over all is the least.
    """

    works: Works = ()
    """Tables of works on the grid; a stage has the headroom of those that are complete by then."""

    exclude: Exclusions = ()
    """Where no site may stand, and why; candidates inside keep the reason."""

    connection: OneConnection = Connection()
    """How firm grid connections are."""

    hours: OneHours = None
    """Hours in which service is promised; left out: at the peak, with all that is connected."""

    resilience: OneResilience = None
    """Which outages are survived; left out: none."""

    zones: Zones = ()
    """Areas that are each out as a whole, for `resilience` to survive."""

    objective: Objectives = ("least-cost",)
    """
    What the plan is best at; of several, each among the plans best at those before it.

    `most-served` leaves the least demand unserved, of stages over all their months (the most
    MW-months before `programme.served_before`), `fewest-sites` builds the fewest new sites that
    keep all promises. `least-worst-rtt` holds the classes with a promise to the shortest round trip
    that leaves a plan, or to their own bound where that is shorter; in outages, and for classes
    that promise nothing, their own bounds hold. `least-mean-rtt` answers in the shortest mean, as
    `limits.mean_rtt_ms` has it. Least cost comes last, stated or not.
    """

    solve: Solve = Solve()
    """How long and how exactly to search."""

    _path: Path = PrivateAttr(default=Path("scenario.yaml"))
    _reading: Any = PrivateAttr(default=None)
    _stage: Stage | None = PrivateAttr(default=None)
    _future: Future | None = PrivateAttr(default=None)

    @field_validator("*")
    @classmethod
    def _keep_part(cls, value: Any, info: ValidationInfo) -> Any:
        """Put every sound part into the context, so that faults between parts are told too."""
        if info.context is not None:
            info.context[info.field_name] = value
        return value

    @property
    def prices_service(self) -> bool:
        """Whether it may cost something over which pair a place is served."""
        of_time = any(service.rtt_price for service in self.services.values())
        return of_time or self.pair_prices is not None

    @property
    def names_pairs(self) -> bool:
        """Whether a table of pairs names all that may serve; positions can then be left out."""
        return any(table is not None and table.only for table in (self.measured, self.pair_prices))

    @property
    def path(self) -> Path:
        """The scenario file, absolute."""
        return self._path

    @property
    def folder(self) -> Path:
        """The folder that every path of the scenario is relative to."""
        return self._path.parent

    @property
    def bases(self) -> tuple[Path, ...]:
        """The files that the scenario file extends, absolute, the nearest first."""
        return tuple(file.absolute() for file in self._reading.stated.files[1:])

    @property
    def hashes(self) -> tuple[str, ...]:
        """The SHA-256 of the scenario file and of each base, as they were read."""
        hashes: tuple[str, ...] = self._reading.stated.hashes
        return hashes

    @property
    def stated(self) -> dict[str, Any]:
        """What the file and its bases say together, as it is written; paths from `folder`."""
        value: dict[str, Any] = self._reading.stated.value
        return value

    @property
    def stage(self) -> Stage | None:
        """The stage that this scenario is of, as `scenario_of_stage` gives it; None: of none."""
        return self._stage

    @property
    def future(self) -> Future | None:
        """The future that the stage is in; None: one that is the same in all, or there are none."""
        return self._future

    @property
    def dollar(self) -> float:
        """Units of the currency per US dollar, for costs that are stated in dollars."""
        return 1.0 if self.usd_rate is None else self.usd_rate

    def with_firm_connections(self) -> "Scenario":
        """Give the same scenario with firm connections, named for it."""
        firm = {"name": f"{self.name}-firm", "connection": Connection()}
        return self.model_copy(update=firm)

    def varied(self, changes: Mapping[str, Any], *, name: str) -> "Scenario":
        """
        Give the same scenario under another name, with changes laid over it as a variant's are.

        Parts that `model_copy` replaced stay so, unless the changes name them. Raises InputError.
        """
        variant: Scenario = self._reading.vary(self, changes, name)
        return variant

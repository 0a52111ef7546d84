"""What scenario.yaml may say, read safely and checked in full before anything else happens."""

from microdc.scenario.assumptions import Assumption, assumptions
from microdc.scenario.costs import Annuity, Costs
from microdc.scenario.grammar import Scenario, Service
from microdc.scenario.land.areas import AreaSource, Exclusion, ZoneSource
from microdc.scenario.land.parcels import ParcelSource
from microdc.scenario.latency import Latency
from microdc.scenario.parts.dialect import Dialect
from microdc.scenario.parts.hours import Connection, Defer, Hours, ProfileSource
from microdc.scenario.parts.resilience import Outage, Resilience
from microdc.scenario.parts.solve import Solve
from microdc.scenario.parts.sources import (
    DemandSource,
    HubSource,
    Measured,
    PairPrices,
    PairTable,
    SubstationSource,
)
from microdc.scenario.parts.stages import Future, Programme, Stage, WorksSource
from microdc.scenario.parts.stages.staged import scenario_of_stage
from microdc.scenario.reading.load import load_scenario, parse_scenario
from microdc.scenario.siting import Limits, Projects, Sites, Tier
from microdc.scenario.words import Origin

__all__ = [
    "Annuity",
    "AreaSource",
    "Assumption",
    "Connection",
    "Costs",
    "Defer",
    "DemandSource",
    "Dialect",
    "Exclusion",
    "Future",
    "Hours",
    "HubSource",
    "Latency",
    "Limits",
    "Measured",
    "Origin",
    "Outage",
    "PairPrices",
    "PairTable",
    "ParcelSource",
    "ProfileSource",
    "Programme",
    "Projects",
    "Resilience",
    "Scenario",
    "Service",
    "Sites",
    "Solve",
    "Stage",
    "SubstationSource",
    "Tier",
    "WorksSource",
    "ZoneSource",
    "assumptions",
    "load_scenario",
    "parse_scenario",
    "scenario_of_stage",
]

"""What scenario.yaml may say, read safely and checked in full before anything else happens."""

from microdc.scenario.assumptions import Assumption, assumptions
from microdc.scenario.costs import Annuity, Costs
from microdc.scenario.grammar import (
    DemandSource,
    Latency,
    Limits,
    Origin,
    Scenario,
    Service,
    Sites,
    Solve,
    SubstationSource,
)
from microdc.scenario.load import load_scenario, parse_scenario
from microdc.scenario.parts.dialect import Dialect

__all__ = [
    "Annuity",
    "Assumption",
    "Costs",
    "DemandSource",
    "Dialect",
    "Latency",
    "Limits",
    "Origin",
    "Scenario",
    "Service",
    "Sites",
    "Solve",
    "SubstationSource",
    "assumptions",
    "load_scenario",
    "parse_scenario",
]

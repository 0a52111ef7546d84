"""What scenario.yaml may say, read safely and checked in full before anything else happens."""

from microdc.scenario.assumptions import Assumption, assumptions
from microdc.scenario.costs import Annuity, Costs
from microdc.scenario.grammar import (
    DemandSource,
    Latency,
    Limits,
    Scenario,
    Service,
    Sites,
    Solve,
    SubstationSource,
)
from microdc.scenario.land.exclusions import Exclusion
from microdc.scenario.load import load_scenario, parse_scenario
from microdc.scenario.words import Origin

__all__ = [
    "Annuity",
    "Assumption",
    "Costs",
    "DemandSource",
    "Exclusion",
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

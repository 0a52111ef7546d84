"""A programme: plans of stages that were made together, and what they come to."""

from microdc.placement.stages.futures import BestKnowing, InFuture
from microdc.placement.stages.programme import Alone, Grown, Nestedness, Programme, StagePlan
from microdc.placement.stages.read import read_stages
from microdc.placement.stages.risk import REGRET
from microdc.placement.stages.roads import roads_of
from microdc.placement.stages.service import TimeToPower
from microdc.placement.stages.store import write_programme

__all__ = [
    "REGRET",
    "Alone",
    "BestKnowing",
    "Grown",
    "InFuture",
    "Nestedness",
    "Programme",
    "StagePlan",
    "TimeToPower",
    "read_stages",
    "roads_of",
    "write_programme",
]

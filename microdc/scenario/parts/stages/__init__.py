"""Stages of a programme: what the file says of them, and what each asks for by itself."""

from microdc.scenario.parts.stages.grammar import (
    Future,
    Futures,
    LeadTime,
    Programme,
    Stage,
    StageList,
    Works,
    WorksSource,
)

__all__ = [
    "Future",
    "Futures",
    "LeadTime",
    "Programme",
    "Stage",
    "StageList",
    "Works",
    "WorksSource",
]

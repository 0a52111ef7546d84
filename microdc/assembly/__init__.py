"""From a checked scenario and its tables to the problem as numbers, part by part."""

from microdc.assembly.problem import assemble
from microdc.assembly.reach import (
    Told,
    allowed_rtt_ms,
    fibre_of,
    located,
    measured_pairs,
    pairs_alone,
    told_of_pairs,
    within_bound,
)

__all__ = [
    "Told",
    "allowed_rtt_ms",
    "assemble",
    "fibre_of",
    "located",
    "measured_pairs",
    "pairs_alone",
    "told_of_pairs",
    "within_bound",
]

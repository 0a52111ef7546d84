"""From a checked scenario and its tables to the problem as numbers, part by part."""

from microdc.assembly.problem import assemble
from microdc.assembly.reach import (
    PairTables,
    allowed_rtt_ms,
    fibre_of,
    located,
    measured_pairs,
    pair_tables_of,
    within_bound,
)

__all__ = [
    "PairTables",
    "allowed_rtt_ms",
    "assemble",
    "fibre_of",
    "located",
    "measured_pairs",
    "pair_tables_of",
    "within_bound",
]

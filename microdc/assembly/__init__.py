"""From a checked scenario and its tables to the problem as numbers, part by part."""

from microdc.assembly.problem import assemble
from microdc.assembly.reach import fibre_of, located, measured_pairs

__all__ = ["assemble", "fibre_of", "located", "measured_pairs"]

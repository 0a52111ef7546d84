"""Bottlenecks by the names of places and substations, on the map and in sentences."""

from microdc.explain.named.case import Case, case_of
from microdc.explain.named.told import Told, named_bottlenecks

__all__ = ["Case", "Told", "case_of", "named_bottlenecks"]

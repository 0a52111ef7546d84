"""Bottlenecks: who is short of power, by how much, and what keeps there from being more."""

from microdc.explain.bottlenecks.bottleneck import Bottleneck, Kind, Limit
from microdc.explain.bottlenecks.found import Found, bottlenecks_of

__all__ = ["Bottleneck", "Found", "Kind", "Limit", "bottlenecks_of"]

"""Two plans side by side: what differs in their inputs, what moved, and why the cost changed."""

from microdc.placement.compare.both import Comparison, compare

__all__ = ["Comparison", "compare"]

"""What service by one site makes impossible: points that are too large, or that do not fit."""

from microdc.explain.bottlenecks.unsplit.whole import too_large_bottlenecks, whole_places

__all__ = ["too_large_bottlenecks", "whole_places"]

"""Stages of a programme, and the one instance that they make together."""

from microdc.instance.stages.stages import Stages

__all__ = ["Stages"]

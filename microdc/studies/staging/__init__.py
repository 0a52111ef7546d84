"""Programmes in stages, planned together; and each stage by itself, to see what that costs."""

from microdc.studies.staging.plan import ProgrammeResult, plan_against_alone, plan_programme

__all__ = ["ProgrammeResult", "plan_against_alone", "plan_programme"]

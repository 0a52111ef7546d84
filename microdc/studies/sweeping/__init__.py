"""Variants of a scenario for every combination of some values, written as files."""

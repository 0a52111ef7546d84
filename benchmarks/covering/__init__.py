"""Covering random points, measured beside spopt."""

"""Distances on the ground, and who is nearest whom."""

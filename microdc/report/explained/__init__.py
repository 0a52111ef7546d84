"""Explanations for the terminal, and for any GIS."""

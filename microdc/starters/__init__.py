"""Scenarios that travel with the package; `data/cut_starters.py` makes them."""

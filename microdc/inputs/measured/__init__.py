"""Measured round trips: long or wide tables, and which of their pairs a scenario knows."""

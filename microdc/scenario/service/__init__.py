"""Faults of classes of service, beside those of single keys."""

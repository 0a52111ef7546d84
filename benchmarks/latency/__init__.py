"""A price on latency, beside none."""

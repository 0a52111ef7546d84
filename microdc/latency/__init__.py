"""From positions to round-trip times and the pairs within a bound."""

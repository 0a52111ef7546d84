"""Priced service: a bound by prices of demand, and the textbook model on the pairs that matter."""

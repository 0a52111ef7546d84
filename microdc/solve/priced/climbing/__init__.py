"""Prices of demand that prove much, and how to come to them."""

"""Promises on land: where sites may not stand."""

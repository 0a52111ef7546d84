"""Objectives before cost: what each comes to, and the rule that keeps it."""

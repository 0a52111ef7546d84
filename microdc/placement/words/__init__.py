"""A plan in words: figures rounded to the safe side, objectives before cost in sentences."""

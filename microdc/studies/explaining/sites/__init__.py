"""Why not here, and what is here for: answers about single sites of a plan."""

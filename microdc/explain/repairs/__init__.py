"""What would cure an infeasible instance: whether a plan exists, and the least that is missing."""

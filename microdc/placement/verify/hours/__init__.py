"""Promises on hours: in each of them all is served with what there is, as the plan says."""

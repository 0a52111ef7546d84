"""Who does the work: what a process does for one scenario, and where such processes come from."""

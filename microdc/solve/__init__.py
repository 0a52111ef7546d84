"""The cutting loop, its certificate, and the one door to the solver."""

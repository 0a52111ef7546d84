"""How cost changes with one thing that is asked for: points, their proofs, slopes and the knee."""

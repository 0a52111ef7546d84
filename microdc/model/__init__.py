"""The optimisation model: sites, sizes and unserved demand; no flows."""

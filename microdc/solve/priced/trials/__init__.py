"""Sets of sites, tried one after the other: what each costs, and which to try next."""

"""Branch and bound over sites, by prices of demand."""

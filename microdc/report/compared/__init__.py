"""Two plans side by side, for the terminal and for maps."""

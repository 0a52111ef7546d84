"""A programme for the terminal."""

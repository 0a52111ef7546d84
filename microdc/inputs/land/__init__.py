"""Land: shapes on the ground, and which candidates they rule out."""

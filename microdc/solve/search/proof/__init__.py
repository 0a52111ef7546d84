"""The prices that the relaxation pays, and what they prove."""

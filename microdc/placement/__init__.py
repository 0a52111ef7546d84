"""A finished plan: who is served from where, written, read back and verified."""

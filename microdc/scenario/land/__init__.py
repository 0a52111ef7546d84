"""What a scenario says of land."""

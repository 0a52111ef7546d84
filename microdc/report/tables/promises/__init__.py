"""What a plan promises beside service in order: through outages, and hour by hour."""

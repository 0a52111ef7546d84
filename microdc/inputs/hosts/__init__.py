"""Who can host load, and how much of it: substations and hubs."""

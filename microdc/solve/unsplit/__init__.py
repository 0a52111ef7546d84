"""The search where some demand is served by one site each, or not at all."""

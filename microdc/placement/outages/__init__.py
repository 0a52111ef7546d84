"""What a finished plan loses when sites are out, outage by outage."""

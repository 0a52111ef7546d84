"""What demand pays with all in order and in outages, and what everyone could earn so."""

"""What demand pays hour by hour, and what everyone could earn so."""

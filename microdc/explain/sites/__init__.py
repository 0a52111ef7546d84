"""What a site, or a megawatt at one, is worth to a plan: its problem solved again, changed."""

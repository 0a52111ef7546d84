"""What people and GIS programs see of a plan."""

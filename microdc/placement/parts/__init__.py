"""What a plan says of its parts: sites and hubs, classes of service, the power tree."""

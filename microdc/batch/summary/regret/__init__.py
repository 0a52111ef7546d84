"""What each fleet of a batch would cost in the other scenarios."""

"""What is left when something is out: who keeps what, and how many sites that takes."""

"""What is told pair by pair: tables, long or wide, and which of their pairs a scenario knows."""

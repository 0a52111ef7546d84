"""What serving costs, pair by pair: its time, and what a table says of it."""

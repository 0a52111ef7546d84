"""What runs in a process of its own, how it is run, and the trail it leaves."""

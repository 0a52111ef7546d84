"""Several futures: the best in each, what a risk makes of them, and what follows the pilots."""

"""Several plans of one scenario, side by side."""

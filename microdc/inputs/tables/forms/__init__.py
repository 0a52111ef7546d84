"""In what form a file states things: rows, numbers, dates and positions."""

"""A frontier, as a table with words, as a chart, and as files."""

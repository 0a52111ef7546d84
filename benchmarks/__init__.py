"""microdc side by side with the alternatives: instances, methods, measurements, tables, charts."""

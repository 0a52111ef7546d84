"""Any file as a table under microdc's own names: formats, columns, units and `where`."""

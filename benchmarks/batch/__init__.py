"""What `microdc batch` promises, tried on folders of many scenarios."""

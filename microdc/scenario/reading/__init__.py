"""Reading scenario.yaml and the files it extends, and writing variants of it."""

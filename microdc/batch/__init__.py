"""Many scenarios, one after another and side by side: a folder in, a result for each out."""

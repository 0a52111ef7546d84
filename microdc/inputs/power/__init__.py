"""What each row of the power tree has to spare: of its table, and added by works."""

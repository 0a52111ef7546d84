"""What no plan can cost less than, worked out again from the prices that a plan keeps."""

"""What a megawatt of headroom is worth to a plan, and which published numbers to verify first."""

"""Each oracle answers one physical question about a plan and can say why not."""

"""Floor 1: what has no e-government meaning."""

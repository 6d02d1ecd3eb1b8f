"""Floor 3: what it is. Rules and facts of administration, no HTML."""

"""Floor 2: the outside world in its own words. No model, no domain word."""

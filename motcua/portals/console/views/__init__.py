"""Views of the console, by noun."""

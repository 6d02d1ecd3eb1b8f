"""Views of the citizen portal."""

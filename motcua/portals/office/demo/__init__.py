"""Demonstration (bản trình diễn): invented people whose dossiers are written down by the real commands."""

"""Views about personal data, by who looks."""

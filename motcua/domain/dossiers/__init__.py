"""Dossiers (hồ sơ): one request under one procedure, from draft to handed-over result."""

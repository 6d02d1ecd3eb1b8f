"""Agencies (cơ quan): who resolves what, the officers, their roles and their working calendar."""

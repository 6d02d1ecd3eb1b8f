"""Payments (phí, lệ phí): what is owed for a subject, and that it was paid."""

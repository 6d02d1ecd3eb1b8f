"""Payments (phí, lệ phí): bills, and how they were paid."""

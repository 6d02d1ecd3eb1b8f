"""Dates as pages ask for them."""

from datetime import date


def boxes(name: str, day: date) -> dict[str, str]:
    """Fill the three boxes of a date."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}

"""How a figure is said, and what is made of many timings."""

import statistics
from collections.abc import Sequence


def say(name: str, value: float, unit: str) -> None:
    """Print one line of the result."""
    print(f"{name} {value:.4g} {unit}", flush=True)


def p95(taken: Sequence[float]) -> float:
    """Give the time that 95 of 100 stay below."""
    return statistics.quantiles(taken, n=20)[-1]

"""Counts with their rates, and the table that ``docs/method.md`` repeats."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Rate:
    """How many of how many, and what was asked for."""

    question: str
    right: int
    of: int
    wanted: float | None = None  # least share

    @property
    def share(self) -> float:
        """Right of all, 0 to 1; 1 where nothing was asked."""
        return self.right / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Wilson 1927, Journal of the American Statistical Association 22)."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.share
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def verdict(self) -> str:
        """Whether it is enough, where something was asked for."""
        return "" if self.wanted is None else "yes" if self.share >= self.wanted - 1e-9 else "NO"

    def __str__(self) -> str:
        low, high = self.interval
        wanted = "" if self.wanted is None else f"  asked {self.wanted:.3g}: {self.verdict}"
        return f"{self.question}: {self.right} of {self.of} = {self.share:.3f} ({low:.3f} to {high:.3f}){wanted}"


def table(rates: list[Rate]) -> str:
    """The rates as the table of the documentation."""
    lines = ["| question | right | of | share | 95 % (Wilson) | asked |", "| --- | --- | --- | --- | --- | --- |"]
    for rate in rates:
        low, high = rate.interval
        wanted = "" if rate.wanted is None else f"{rate.wanted:.3g}: {rate.verdict}"
        lines.append(f"| {rate.question} | {rate.right} | {rate.of} | {rate.share:.3f} | {low:.2f} to {high:.2f} | {wanted} |")
    return "\n".join(lines)

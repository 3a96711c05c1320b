"""What a kind says of an answer, and how two numbers are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """How much of an answer is right.

    Attributes
    ----------
    share : float or None
        From 0 to 1; None where a person decides.
    says : tuple of str
        Why it is not all, in words that do not give the answer away.
    """

    share: float | None
    says: tuple[str, ...] = ()


RIGHT = Judgement(1.0)


def wrong(*says: str) -> Judgement:
    """Nothing of the answer is right."""
    return Judgement(0.0, says)


def by_criteria(missed: list[str], criteria: int) -> Judgement:
    """Each of the criteria counts alike; `missed` says which are not met."""
    return Judgement((criteria - len(missed)) / criteria, tuple(missed))


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers may be apart; whole numbers not at all unless it is said.

    Attributes
    ----------
    rel, abs : float or None
        Relative to the key's number, and absolute; the larger one counts.
    """

    rel: float | None = None
    abs: float | None = None

    def equal(self, given: float, key: float) -> bool:
        """Tell whether a number is the key's, as far as it matters. NaN is NaN."""
        if math.isnan(given) or math.isnan(key) or math.isinf(given) or math.isinf(key):
            return given == key or (math.isnan(given) and math.isnan(key))
        if self.rel is None and self.abs is None:
            # A float that stands for a whole number has rounding of its own.
            return math.isclose(given, key, rel_tol=1e-9 if key == int(key) else 1e-6)
        return math.isclose(given, key, rel_tol=self.rel or 0.0, abs_tol=self.abs or 0.0)


#: What lies between numbers that differ by a unit.
_FACTORS = {
    1000.0: "nm may have been taken for um, or mm for um",
    100.0: "per cent may have been taken for a share from 0 to 1",
}


def factor_slip(given: float, key: float) -> str | None:
    """Say which unit was probably mistaken, if a power of ten lies between the numbers."""
    if not key or not given or not math.isfinite(given) or not math.isfinite(key):
        return None
    for factor, says in _FACTORS.items():
        if any(math.isclose(given / key, f, rel_tol=1e-3) for f in (factor, 1 / factor)):
            return f"The unit looks mistaken: {says}, or the other way round."
    return None

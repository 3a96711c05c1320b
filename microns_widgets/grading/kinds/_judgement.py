"""The judgement on an answer, and how two numbers are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """How much of an answer is right.

    Attributes
    ----------
    share : float or None
        From 0 to 1; None where a person decides.
    complaints : tuple of str
        Why it is not fully right, without giving the answer away.
    credit : str
        What its share is for, if it is neither 0 nor 1.
    """

    share: float | None
    complaints: tuple[str, ...] = ()
    credit: str = ""


RIGHT = Judgement(1.0)


def wrong(*complaints: str) -> Judgement:
    """Return the judgement that nothing is right."""
    return Judgement(0.0, complaints)


def by_criteria(missed: list[str], criteria: int) -> Judgement:
    """Return the judgement by equally weighted criteria; `missed` lists those not met."""
    met = criteria - len(missed)
    return partly(met / criteria, missed, f"{met} of {criteria} requirements are met.")


def partly(share: float, complaints: Sequence[str], credit: str, allowed: bool = True) -> Judgement:
    """Return the judgement that a share is right; nothing if partial credit is not allowed."""
    if share >= 1:
        return RIGHT
    if share <= 0 or not allowed:
        return wrong(*complaints)
    return Judgement(share, tuple(complaints), credit)


def right_minus_false(right: int, false: int, expected: int) -> float:
    """Return the share of a list: what is right in it minus what does not belong, at least 0.

    What does not belong costs as much as a right item brings, so that a list of everything gets
    nothing. The share can be checked by hand, unlike an F1 score.
    """
    return max(0, right - false) / expected if expected else float(not false)


@dataclass(frozen=True)
class Tolerance:
    """How much two numbers may differ; by default, whole numbers must be equal.

    Attributes
    ----------
    rel, abs : float or None
        Relative to the key's number, and absolute; the larger one counts.
    """

    rel: float | None = None
    abs: float | None = None

    def equal(self, number: float, key: float) -> bool:
        """Return whether a number equals the key's within the tolerance; NaN equals NaN."""
        if math.isnan(number) or math.isnan(key) or math.isinf(number) or math.isinf(key):
            return number == key or (math.isnan(number) and math.isnan(key))
        if self.rel is None and self.abs is None:
            # A float that represents a whole number may have rounding errors.
            return math.isclose(number, key, rel_tol=1e-9 if key == int(key) else 1e-6)
        return math.isclose(number, key, rel_tol=self.rel or 0.0, abs_tol=self.abs or 0.0)


#: Ratios between numbers in different units.
_FACTORS = {
    1000.0: "nm may have been mistaken for um, or mm for um",
    100.0: "percent may have been mistaken for a share from 0 to 1",
}


def unit_complaint(number: float, key: float) -> str | None:
    """Return which unit is probably wrong, if the numbers differ by such a ratio."""
    if not key or not number or not math.isfinite(number) or not math.isfinite(key):
        return None
    for factor, units in _FACTORS.items():
        if any(math.isclose(number / key, f, rel_tol=1e-3) for f in (factor, 1 / factor)):
            return f"seems to be in the wrong unit: {units}, or the other way round."
    return None

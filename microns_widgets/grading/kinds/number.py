"""A number, with its unit, public bounds and a tolerance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import (
    RIGHT,
    Judgement,
    Tolerance,
    unit_complaint,
    wrong,
)
from microns_widgets.grading.kinds._payload import number_of, table_of
from microns_widgets.grading.kinds._values import plain_number, single
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a number"


@dataclass(frozen=True)
class Options:
    """Options of a number.

    Attributes
    ----------
    unit : str
        Its unit, for the student.
    at_least, at_most : float, optional
        Bounds for any sensible answer, checked by `mw.check`.
    whole : bool
        Whether it is a count.
    rel, abs : float, optional
        Tolerances. Default: whole numbers must be equal, others within 1e-6 of their value.
    """

    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    whole: bool = False
    rel: float | None = None
    abs: float | None = None


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"value": number}``; an array or a Series of one number counts too."""
    return {"value": plain_number(single(value))}


def restore(payload: object, answer: Answer) -> float:
    """Return the number."""
    return number_of(table_of(payload).get("value"))


def practice(payload: object, answer: Answer) -> list[str]:
    """Check the public bounds."""
    options, actual = answer.read(Options), number_of(table_of(payload).get("value"))
    unit = f" {options.unit}" if options.unit else ""
    if not math.isfinite(actual):
        given = "a missing value (None or NaN)" if math.isnan(actual) else f"{actual}"
        return [f"is {given}, expected a finite number. Was something divided by zero?"]
    if options.at_least is not None and actual < options.at_least:
        return [f"is {actual:.6g}, expected at least {options.at_least:g}{unit}."]
    if options.at_most is not None and actual > options.at_most:
        return [f"is {actual:.6g}, expected at most {options.at_most:g}{unit}."]
    if options.whole and actual != int(actual):
        return [f"is {actual:.6g}, expected a whole number{' of' + unit if unit else ''}."]
    return []


def summary(payload: object) -> str:
    """Return the number with ten digits."""
    return f"{number_of(table_of(payload).get('value')):.10g}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's number, within the tolerance."""
    options = answer.read(Options)
    actual, expected = (number_of(table_of(one).get("value")) for one in (payload, key))
    if Tolerance(options.rel, options.abs).equal(actual, expected):
        return RIGHT
    if complaints := practice(payload, answer):
        return wrong(*complaints)
    return wrong(unit_complaint(actual, expected) or "is not the expected number.")

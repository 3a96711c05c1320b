"""Parameters of a test of which the usual run takes some, and the long run all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def long_unless(values: Iterable[T], usual: Callable[[T], bool]) -> list[Any]:
    """Mark as long the values that the usual run leaves out."""
    return [value if usual(value) else _long(value) for value in values]


def every_third(values: Iterable[T]) -> list[Any]:
    """Leave every third value to the usual run, and mark the others as long."""
    numbered = list(enumerate(values))
    return [value if place % 3 == 0 else _long(value) for place, value in numbered]


def _long(value: object) -> Any:
    # A tuple is one value of each of several parameters.
    values = value if isinstance(value, tuple) else (value,)
    return pytest.param(*values, marks=pytest.mark.long)

"""Parameters of tests: `make test` uses some of them, and `make test-all` uses all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def long_unless(values: Iterable[T], usual: Callable[[T], bool]) -> list[Any]:
    """Mark the values that `make test` skips as long."""
    return [value if usual(value) else _long(value) for value in values]


def every_third(values: Iterable[T]) -> list[Any]:
    """Keep every third value in `make test`, and mark the others as long."""
    numbered = list(enumerate(values))
    return [value if place % 3 == 0 else _long(value) for place, value in numbered]


def _long(value: object) -> Any:
    # A tuple contains one value for each of several parameters.
    values = value if isinstance(value, tuple) else (value,)
    return pytest.param(*values, marks=pytest.mark.long)

"""Trait types of the widgets: root ids, choices, and containers with errors of this package."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn

import traitlets

from microns_widgets._arguments import is_several
from microns_widgets.errors import InvalidArgument, InvalidType, check_choice, quoted
from microns_widgets.tables.root_ids import id_array, one_id

#: Each selected id takes 22 bytes in the saved notebook; this many stay below half a megabyte.
LARGEST_SELECTION = 20_000


class InvalidTrait(InvalidType, traitlets.TraitError):
    """A trait was set to a value of the wrong type."""


class _Strict(traitlets.TraitType):
    """A trait that raises `InvalidTrait`, which is a `MicronsError` and a `TraitError`."""

    def error(
        self, obj: Any, value: Any, error: Exception | None = None, info: str | None = None
    ) -> NoReturn:
        raise InvalidTrait(
            f"{self.name} was given {type(value).__name__}, expected {info or self.info()}."
        ) from error


class Settings(_Strict, traitlets.Dict):
    """A synced dict."""

    info_text = "a dict"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tag(sync=True)


class Labels(_Strict, traitlets.List):
    """A synced list of text."""

    info_text = "a list of text"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(traitlets.Unicode(), **kwargs)
        self.tag(sync=True)


class Name(_Strict, traitlets.Unicode):
    """A synced text."""

    info_text = "text"

    def __init__(self, default_value: str, **kwargs: Any) -> None:
        super().__init__(default_value, **kwargs)
        self.tag(sync=True)


class WebAddress(_Strict, traitlets.Unicode):
    """A synced http or https address without a query; ``""`` for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the address without a final slash."""
        text = str(super().validate(obj, value))
        # Narrow, since it becomes part of an exported page's security policy.
        if text and not re.fullmatch(r"https?://[\w.-]+(:\d{1,5})?(/[\w.~/-]*)?", text, re.ASCII):
            raise InvalidArgument(
                f"{self.name}={quoted(value)} is not a web address. Expected http or https, a "
                "host and a folder, such as 'https://example.org/swc'."
            )
        return text.rstrip("/")


class OneOf(_Strict, traitlets.TraitType):
    """One of several words; the default is the first unless another one is named."""

    def __init__(self, values: Iterable[str], default_value: str | None = None) -> None:
        self.values = tuple(values)
        super().__init__(default_value or self.values[0])
        self.tag(sync=True)

    def validate(self, _obj: object, value: object) -> str:
        """Return the word; raise `InvalidArgument` with the choices for any other."""
        check_choice(str(self.name), value, self.values)
        return str(value)


class Flag(_Strict, traitlets.Bool):
    """A synced True or False."""

    info_text = "True or False"

    def __init__(self, default_value: bool) -> None:
        super().__init__(default_value)
        self.tag(sync=True)


class Number(_Strict, traitlets.Float):
    """A synced number with a least and a most value."""

    info_text = "a number"

    def __init__(
        self, default_value: float | None, limits: tuple[float, float], **kwargs: Any
    ) -> None:
        self.limits = limits
        super().__init__(default_value, **kwargs)
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> float:
        """Return the number as a float; raise `InvalidArgument` if it is out of the limits."""
        number = float(super().validate(obj, value)) if not isinstance(value, bool) else math.nan
        low, high = self.limits
        if not low <= number <= high:
            raise InvalidArgument(
                f"{self.name}={quoted(value)} is out of range. Expected a number from {low:g} to "
                f"{high:g}."
            )
        return number


class Times(_Strict, traitlets.TraitType):
    """A synced start and end in s, as a tuple of floats."""

    info_text = "a start and an end in s: (1, 5)"

    def __init__(self, default_value: tuple[float, float]) -> None:
        super().__init__(default_value)
        self.tag(sync=True)

    def validate(self, obj: traitlets.HasTraits | None, value: Any) -> tuple[float, float]:
        """Return the two as floats; raise `InvalidTrait` if there are not two finite numbers."""
        try:
            start, end = (float(time) for time in value)
        except (TypeError, ValueError):
            self.error(obj, value)
        if not math.isfinite(start + end):
            self.error(obj, value)
        return start, end


class RootId(traitlets.TraitType):
    """A root id or None; JavaScript and the saved notebook hold its digits as text.

    JavaScript's numbers hold 53 bits, so the last digits of a root id would be lost.
    """

    info_text = "a root id or None"
    default_value = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)
        self.tag(sync=True, to_json=_id_to_json, from_json=_id_from_json)

    def validate(self, _obj: object, value: object) -> int:
        """Return the id as an int; raise `InvalidRootIds` if it is not valid."""
        return one_id(value)


class RootIds(_Strict, traitlets.TraitType):
    """Several root ids, in order, as a tuple of ints; in JavaScript a list of strings."""

    info_text = "root ids"
    default_value = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tag(sync=True, to_json=_ids_to_json, from_json=_ids_from_json)

    def validate(self, obj: traitlets.HasTraits | None, value: Any) -> tuple[int, ...]:
        """Return the ids as ints; raise `InvalidRootIds` if one is not valid."""
        # Otherwise each character of a string would be taken as an id.
        if isinstance(value, str | bytes) or not is_several(value):
            self.error(obj, value)
        ids = value if hasattr(value, "dtype") else [*value]
        return tuple(id_array(ids).tolist())


class Pair(_Strict, traitlets.TraitType):
    """A presynaptic and a postsynaptic root id, as a tuple of ints, or None."""

    info_text = "a presynaptic and a postsynaptic root id, or None"
    default_value = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)
        self.tag(sync=True, to_json=_pair_to_json, from_json=_pair_from_json)

    def validate(self, obj: traitlets.HasTraits | None, value: Any) -> tuple[int, int]:
        """Return the two ids as ints; raise `InvalidTrait` if there are not two."""
        try:
            pre, post = value
        except (TypeError, ValueError):
            self.error(obj, value)
        return one_id(pre), one_id(post)


def _id_to_json(value: int | None, _widget: object) -> str | None:
    return None if value is None else str(value)


def _id_from_json(value: str | None, _widget: object) -> int | None:
    return None if value is None else one_id(value)


def _ids_to_json(value: tuple[int, ...], _widget: object) -> list[str]:
    return [str(root_id) for root_id in value]


def _ids_from_json(value: Any, _widget: object) -> Any:
    # Anything that is not a list is left to the trait, whose error explains it.
    return tuple(map(one_id, value)) if isinstance(value, list) else value


def _pair_to_json(value: tuple[int, int] | None, _widget: object) -> list[str] | None:
    return None if value is None else [str(root_id) for root_id in value]


def _pair_from_json(value: Any, _widget: object) -> Any:
    return tuple(map(one_id, value)) if isinstance(value, list) else value

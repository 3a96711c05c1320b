"""Arguments are checked where a public function is called, before anything is done with them.

Python's own error for a wrong call is not a `MicronsError` and seldom says what would be right; and
an argument of a wrong kind would fail deep inside, in the words of another library.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from os import PathLike
from types import FunctionType
from typing import Any, ParamSpec, TypeGuard, TypeVar

import numpy as np

from microns_widgets.errors import InvalidCall, InvalidType, check_keywords, quoted

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

#: Half of a surrogate pair, as JSON may contain.
_HALF_PAIR = re.compile("[\ud800-\udfff]")

_Kind = tuple[Callable[[Any], bool], str]

#: Annotations that are checked: whether a value is of the kind, and how the kind is described.
#: Others, such as root ids in all the forms that they have, are checked where they are used.
_KINDS: Mapping[str, _Kind] = {
    "Axes": (
        # matplotlib is imported only by those who draw.
        lambda value: hasattr(value, "transData"),
        "matplotlib axes (of several, one: axes[0])",
    ),
    "bool": (lambda value: isinstance(value, bool | np.bool_ | int), "True or False"),
    "float": (
        lambda value: isinstance(value, int | float | np.integer | np.floating),
        "a number",
    ),
    "Filters": (lambda value: isinstance(value, Mapping), "a dict"),
    "str": (lambda value: isinstance(value, str) and can_be_written(value), "text"),
    "str | PathLike[str]": (lambda value: isinstance(value, str | PathLike), "a path"),
}


def checks_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function check how it is called.

    Raises
    ------
    UnknownArgument
        If a keyword argument does not exist; the message names the nearest one.
    InvalidCall
        If an argument is missing, given twice, or there are too many.
    InvalidType
        If an argument is not what its annotation says, for the annotations of `_KINDS`.
    """
    signature = inspect.signature(function)
    named = [own for own in signature.parameters.values() if own.name not in ("self", "cls")]
    by_keyword = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    known = [own.name for own in named if own.kind in by_keyword]
    any_keyword = any(own.kind is inspect.Parameter.VAR_KEYWORD for own in named)
    kinds = {own.name: _KINDS[kind] for own in named if (kind := _kind_name(own)) in _KINDS}
    optional = {own.name for own in named if "None" in str(own.annotation) or own.default is None}
    # "CellPicker" for its constructor, "select" for a method: as it is called.
    name = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not any_keyword:
            check_keywords(name, kwargs, known)
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            problem = _wrong_call(signature, args, kwargs) or f"was called wrongly: {error}"
            raise InvalidCall(
                f"{name}() {problem}. Its arguments are {', '.join(known)}."
            ) from None
        for argument in kinds.keys() & given.keys():
            value, (fits, expected) = given[argument], kinds[argument]
            if not (fits(value) or (value is None and argument in optional)):
                raise InvalidType(
                    f"{name}() was given {argument}={quoted(value)}, expected {expected}."
                )
        return function(*args, **kwargs)

    return checked


def checks_methods(cls: type[T]) -> type[T]:
    """Make a class's constructor and public methods check how they are called."""
    for name, member in list(vars(cls).items()):
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(member, FunctionType):
            setattr(cls, name, checks_arguments(member))
        elif isinstance(member, classmethod):
            setattr(cls, name, classmethod(checks_arguments(member.__func__)))
    return cls


def spelled_out(keywords: type) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Spell out the ``**keywords`` of a function as its optional keyword arguments.

    Type checkers know them from ``Unpack``; Jupyter, ``help`` and the reference read the
    signature at run time, which this sets, as `checks_arguments` does for unknown keywords.

    Parameters
    ----------
    keywords : type
        The `TypedDict` that the function unpacks.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        *own, _variadic = signature.parameters.values()
        further = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                # A forward reference, whose repr is of no use to a reader of the signature.
                annotation=getattr(kind, "__forward_arg__", kind),
            )
            for name, kind in keywords.__annotations__.items()
        ]
        function.__signature__ = signature.replace(parameters=[*own, *further])  # type: ignore[attr-defined]
        return function

    return decorate


def is_several(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether a value can be iterated; a 0-d array is an `Iterable`, but cannot."""
    return isinstance(value, Iterable) and not (isinstance(value, np.ndarray) and value.ndim == 0)


def can_be_written(text: str) -> bool:
    """Whether a string can be encoded, and so be drawn, sent to a page and saved."""
    return _HALF_PAIR.search(text) is None


def _kind_name(parameter: inspect.Parameter) -> str:
    return str(parameter.annotation).replace("os.PathLike", "PathLike").removesuffix(" | None")


def _wrong_call(
    signature: inspect.Signature, args: Sequence[object], keywords: Iterable[str]
) -> str:
    """Say which arguments are missing, too many or given twice; ``""`` if none is."""
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = signature.parameters.values()
    places = [own.name for own in parameters if own.kind in by_position]
    variadic = any(own.kind is inspect.Parameter.VAR_POSITIONAL for own in parameters)
    # A method is called with the object that it belongs to, which its user does not count.
    own_object = int(places[:1] in (["self"], ["cls"]))
    if len(args) > len(places) and not variadic:
        most, number = len(places) - own_object, len(args) - own_object
        return (
            f"was given {number} argument{'s' * (number != 1)} without a name, but takes "
            f"{f'at most {most}' if most else 'none'}: write name=value"
        )
    given = places[: len(args)]
    if twice := [name for name in given if name in keywords]:
        return f"was given {' and '.join(twice)} twice: by position and by name"
    missing = [
        own.name
        for own in parameters
        if own.default is inspect.Parameter.empty
        and own.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        and own.name not in [*given, *keywords]
    ]
    if not missing:
        return ""
    return f"needs {'an argument' if len(missing) == 1 else 'arguments'}: {', '.join(missing)}"

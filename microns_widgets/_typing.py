"""Array types, and keyword arguments that an editor completes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from microns_widgets.errors import check_keywords

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
Int32Array = npt.NDArray[np.int32]
IntArray = npt.NDArray[np.int64]

P = ParamSpec("P")
R = TypeVar("R")


def checks_keywords(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function raise `UnknownArgument` for a keyword that it does not have.

    Python's own error is not a `MicronsError`, and suggests the closest valid keyword only from
    version 3.13 on.
    """
    parameters = inspect.signature(function).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    known = [own.name for own in parameters if own.kind in kinds and own.name != "self"]
    name = function.__qualname__.removesuffix(".__init__")

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        check_keywords(name, kwargs, known)
        return function(*args, **kwargs)

    return call


def spelled_out(keywords: type) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Spell out the ``**keywords`` of a function as its optional keyword arguments.

    Type checkers know them from ``Unpack``; Jupyter, ``help`` and the reference read the
    signature at run time, which this sets. An unknown keyword raises `UnknownArgument`, which
    suggests the closest valid one.

    Parameters
    ----------
    keywords : type
        The `TypedDict` that the function unpacks.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        *own, _variadic = signature.parameters.values()
        names = list(keywords.__annotations__)
        known = [p.name for p in own if p.name != "self" and p.kind != p.POSITIONAL_ONLY] + names

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            check_keywords(function.__name__, kwargs, known)
            return function(*args, **kwargs)

        further = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in keywords.__annotations__.items()
        ]
        call.__signature__ = signature.replace(parameters=[*own, *further])  # type: ignore[attr-defined]
        return call

    return decorate

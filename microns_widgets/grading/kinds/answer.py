"""One answer of a question: a variable, its kind and its options."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from microns_widgets.errors import MasterError, suggestion

Options = TypeVar("Options")

_WORDS: dict[object, str] = {
    bool: "true or false",
    float: "a number",
    int: "a whole number",
    str: "text",
}


#: By what an answer gets its points: the master's key, its form alone, or a person.
Judged = typing.Literal["key", "form", "person"]


@dataclass(frozen=True)
class Level:
    """One level of a rubric: the points for it, and what an answer of this level is like."""

    points: float
    about: str


@dataclass(frozen=True)
class Answer:
    """A variable by which a question is judged.

    Attributes
    ----------
    name : str
        The variable's name in the notebook.
    kind : str
        One of: number, text, ids, table, matrix, figure, choice, written.
    about : str
        Description for the student.
    points : float
        Points that it is worth.
    options : mapping
        Options of the kind, such as unit, bounds, tolerances, columns; see the kind's
        ``Options``. All but a marker's guide are public.
    follows : tuple of str
        Names of earlier answers. This one also gets its points if it is right for the student's
        own values of these.
    judged : {"key", "form", "person"}
        Whether it is compared with the key, gets its points if it passes its practice check, or
        gets them from a person. A written answer always needs a person.
    rubric : tuple of Level
        For a person: what gets how many points, the best level first. Students see it, too.
    """

    name: str
    kind: str
    about: str
    points: float
    options: Mapping[str, Any] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    judged: Judged = "key"
    rubric: tuple[Level, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the values; ``""`` if there is none."""
        return str(self.options.get("unit", ""))

    def read(self, kind: type[Options]) -> Options:
        """Return the options as the kind's dataclass.

        Raises
        ------
        MasterError
            If an option is unknown, missing, or of the wrong type.
        """
        return read_dataclass(kind, self.options, f"The {self.kind} {self.name!r}")


def is_number(value: object) -> bool:
    """Return whether a value from TOML or JSON is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_dataclass(kind: type[Options], table: Mapping[str, Any], whose: str) -> Options:
    """Make a dataclass from a TOML or JSON table, with errors that say what is wrong."""
    if not isinstance(table, Mapping):
        raise MasterError(f"{whose} is {table!r}, expected a table.")
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]  # a dataclass
    for name in table:
        if name not in fields:
            raise MasterError(
                f"{whose} has no option {name!r}.{suggestion(name, fields)} Expected some of "
                f"{', '.join(fields)}."
            )
    values = {}
    for name, one in fields.items():
        if name in table:
            values[name] = _read(hints[name], table[name], f"{whose}: {name}")
        elif one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            raise MasterError(f"{whose} lacks the option {name!r}.")
    return kind(**values)


def _read(hint: Any, value: Any, whose: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    # `X | None` is one or the other, depending on what X is.
    if origin in (types.UnionType, typing.Union):
        if value is None and types.NoneType in inner:
            return None
        *others, last = (one for one in inner if one is not types.NoneType)
        for one in others:
            with contextlib.suppress(MasterError):
                return _read(one, value, whose)
        return _read(last, value, whose)
    if origin is typing.Literal:
        if value in inner:
            return value
        raise MasterError(f"{whose} is {value!r}, expected one of {', '.join(map(repr, inner))}.")
    if hint is Any:
        return value
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_read(inner[0], one, whose) for one in value)
    if origin is dict and isinstance(value, Mapping):
        return {str(key): _read(inner[1], one, f"{whose}.{key}") for key, one in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return read_dataclass(typing.cast(type, hint), value, whose)
    if hint is float and is_number(value):
        return float(value)
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint in (bool, str) and isinstance(value, hint):
        return value
    raise MasterError(f"{whose} is {value!r}, expected {_WORDS.get(hint, 'a table or a list')}.")

"""The student's id as a notebook's text says it, read without running anything.

Comments, strings and functions that are never called change nothing. Only
constants are followed: names, f-strings, concatenations, `str` and the like.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

#: The variable in the first cells of each exercise, and the functions that are given it.
_VARIABLE, _FUNCTIONS = "STUDENT", ("own_cell", "own_cells")
_WORDS = re.compile("|".join((_VARIABLE, *_FUNCTIONS)))
#: Cell magics that run their cell as Python, in the notebook's namespace.
_PYTHON_MAGICS = ("time", "capture", "prun")
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[^\n]*(?:\n|$)")
_LINE_MAGIC = re.compile(r"^(?P<indent>[ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_MAGIC_VALUE = re.compile(r"=[ \t]*[%!](?!=).*$", re.MULTILINE)
#: Python rejects numbers that begin with 0, and some student numbers do.
_NUMBER = re.compile(
    rf"^(?P<name>{_VARIABLE}[ \t]*=)[ \t]*(?P<id>0\d{{1,50}})[ \t]*(?:#.*)?$", re.M
)
_METHODS = ("strip", "lstrip", "rstrip", "lower", "upper", "casefold")
_LONGEST_CELL, _LONGEST_ID = 200_000, 200
#: How often a cell is cut off before a syntax error, and how deep calls are followed.
_TRIES, _DEPTH = 20, 5
#: Statements that are followed; functions that call each other could go on for ever.
_MOST = 50_000

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: What is known about names: a constant, or a function; None if a value cannot be known.
_Names = dict[str, "str | int | _Function | None"]


@dataclass(frozen=True)
class TypedIds:
    """The ids in a notebook's text.

    Attributes
    ----------
    student : str
        The id for which the notebook asks for its cells, the last one if there are several; if it
        asks for none, the last value of ``STUDENT``. Empty if there is none.
    ids : tuple of str
        All different ids in its text, in order; none of them is empty.
    """

    student: str = ""
    ids: tuple[str, ...] = ()


def typed_ids(sources: Iterable[str]) -> TypedIds:
    """Return the ids that the code cells of a notebook say.

    Parameters
    ----------
    sources : iterable of str
        The code cells in order; they may contain magics.
    """
    cells = [source for source in sources if len(source) <= _LONGEST_CELL]
    if not any(_WORDS.search(source) for source in cells):
        return TypedIds()
    reader = _Reader()
    for source in cells:
        with warnings.catch_warnings():
            # A path of Windows in a cell, such as "C:\\data", is not this program's mistake.
            warnings.simplefilter("ignore")
            tree = _parse(source)
        # Nothing that a student writes nests so deeply; what does, says nothing.
        with suppress(RecursionError):
            reader.run(tree.body, reader.names)
    return reader.result()


@dataclass
class _Reader:
    """Follows the constants of a notebook, statement by statement.

    Attributes
    ----------
    names : dict
        What is known about the notebook's own names.
    found : list of (str, str)
        Where an id was found, and the id: a function of `_FUNCTIONS`, or `_VARIABLE`.
    aliases : dict
        Other names under which functions were imported.
    """

    names: _Names = field(default_factory=dict)
    found: list[tuple[str, str]] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=lambda: {name: name for name in _FUNCTIONS})
    depth: int = 0
    statements: int = 0

    def result(self) -> TypedIds:
        used = [text for where, text in self.found if where != _VARIABLE]
        typed = [text for where, text in self.found if where == _VARIABLE]
        # A call with an empty id shows the practice cells; one with an id counts before it.
        student = next((text for text in reversed(used) if text), "")
        if not used and typed:
            student = typed[-1]
        return TypedIds(student, tuple(dict.fromkeys(text for _, text in self.found if text)))

    def run(self, body: Iterable[ast.stmt], names: _Names) -> None:
        """Follow statements as Python would run them, with all branches of what is not known."""
        for statement in body:
            self.statements += 1
            if self.statements <= _MOST:
                self._statement(statement, names)

    def _statement(self, node: ast.stmt, names: _Names) -> None:
        if isinstance(node, _Function):
            names[node.name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for name in node.names:
                names[name.asname or name.name] = None
                if name.name in _FUNCTIONS:
                    self.aliases[name.asname or name.name] = name.name
        elif isinstance(node, ast.Assign):
            self._expression(node.value, names)
            for target in node.targets:
                self._assign(target, node.value, names)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._expression(node.value, names)
            self._assign(node.target, node.value, names)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._expression(node.value, names)
            both = ast.BinOp(ast.Name(node.target.id), node.op, node.value)
            self._assign(node.target, both, names)
        elif isinstance(node, ast.If):
            self._expression(node.test, names)
            test = node.test.value if isinstance(node.test, ast.Constant) else None
            self.run(node.body if test is None or test else [], names)
            self.run(node.orelse if not test else [], names)
        elif not isinstance(node, ast.ClassDef):
            if isinstance(node, ast.For | ast.AsyncFor):
                self._assign(node.target, ast.Constant(None), names)
            self._parts(node, names)

    def _parts(self, node: ast.AST, names: _Names) -> None:
        """Follow the statements and expressions within a loop, a ``try``, a call."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.run([child], names)
            elif isinstance(child, ast.expr):
                self._expression(child, names)
            else:
                self._parts(child, names)

    def _expression(self, node: ast.expr, names: _Names) -> None:
        if isinstance(node, ast.Lambda):
            return
        self._parts(node, names)
        if isinstance(node, ast.NamedExpr):
            self._assign(node.target, node.value, names)
        elif isinstance(node, ast.Call):
            self._call(node, names)

    def _call(self, node: ast.Call, names: _Names) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Name):
            name = self.aliases.get(node.func.id, "")
            function = names.get(node.func.id)
            if isinstance(function, _Function) and self.depth < _DEPTH:
                self.depth += 1
                self.run(function.body, _local(function, node, names))
                self.depth -= 1
        if name in _FUNCTIONS:
            given = [word.value for word in node.keywords if word.arg == "student"]
            for value in [*node.args[1:2], *given][:1]:
                self._note(name, _constant(value, names))

    def _assign(self, target: ast.expr, value: ast.expr, names: _Names) -> None:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            if len(target.elts) == len(value.elts):
                for one, its_value in zip(target.elts, value.elts, strict=True):
                    self._assign(one, its_value, names)
                return
            value = ast.Constant(None)
        if isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._assign(one, ast.Constant(None), names)
        elif isinstance(target, ast.Name):
            names[target.id] = _constant(value, names)
            if target.id == _VARIABLE and names is self.names:
                self._note(_VARIABLE, names[target.id])

    def _note(self, where: str, value: object) -> None:
        text = str(value).strip() if isinstance(value, str | int) else None
        if text is not None and len(text) <= _LONGEST_ID and (text.isprintable() or not text):
            self.found.append((where, text))


def _local(function: _Function, call: ast.Call, names: _Names) -> _Names:
    """Return the names within a function: those outside, and its arguments."""
    parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    defaults = function.args.defaults
    pairs = [
        *zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True),
        *zip(parameters, call.args, strict=False),
        *((word.arg, word.value) for word in call.keywords if word.arg),
    ]
    if any(isinstance(one, ast.Global) and _VARIABLE in one.names for one in function.body):
        return names
    unknown: _Names = dict.fromkeys(parameters)
    return {**names, **unknown, **{name: _constant(value, names) for name, value in pairs}}


def _constant(node: ast.expr, names: _Names) -> str | int | None:
    """Return the text or whole number that an expression of constants has, or None."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value if isinstance(value, str | int) and not isinstance(value, bool) else None
    if isinstance(node, ast.Name):
        known = names.get(node.id)
        return known if isinstance(known, str | int) else None
    if isinstance(node, ast.NamedExpr):
        return _constant(node.value, names)
    if isinstance(node, ast.JoinedStr):
        return _joined([_field(part, names) for part in node.values])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _constant(node.left, names), _constant(node.right, names)
        return _joined([left, right]) if isinstance(left, str) and isinstance(right, str) else None
    if isinstance(node, ast.Call) and not node.keywords:
        return _called(node, names)
    return None


def _field(part: ast.expr, names: _Names) -> str | int | None:
    if not isinstance(part, ast.FormattedValue):
        return _constant(part, names)
    plain = part.format_spec is None and part.conversion in (-1, ord("s"))
    return _constant(part.value, names) if plain else None


def _joined(parts: Iterable[str | int | None]) -> str | None:
    texts = list(parts)
    if any(text is None for text in texts):
        return None
    # Longer ones are not ids, and doubling them again and again would fill the memory.
    return "".join(map(str, texts))[: 2 * _LONGEST_ID]


def _called(node: ast.Call, names: _Names) -> str | int | None:
    """Return the value of ``str(...)``, ``int(...)`` or ``"...".strip()``."""
    if isinstance(node.func, ast.Name) and node.func.id in ("str", "int") and len(node.args) == 1:
        value = _constant(node.args[0], names)
        if value is None or node.func.id == "str":
            return None if value is None else str(value)
        with suppress(ValueError):
            return int(value)
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS and not node.args:
        text = _constant(node.func.value, names)
        return str(getattr(text, node.func.attr)()) if isinstance(text, str) else None
    return None


def _parse(source: str) -> ast.Module:
    """Parse a cell without its magics, up to the statement that cannot be read."""
    magic = _CELL_MAGIC.match(source)
    if magic:
        source = source[magic.end() :] if magic["name"] in _PYTHON_MAGICS else ""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(source)
    text = _repaired(source)
    for _ in range(_TRIES):
        try:
            return ast.parse(text)
        except SyntaxError as error:
            text = "".join(text.splitlines(keepends=True)[: (error.lineno or 1) - 1])
        except (ValueError, RecursionError, MemoryError):
            break
    return ast.Module([], [])


def _repaired(source: str) -> str:
    """Return a cell without magics, and with numbers that begin with 0 as texts."""
    source = _LINE_MAGIC.sub(r"\g<indent>pass", source)
    return _NUMBER.sub(r"\g<name> '\g<id>'", _MAGIC_VALUE.sub("= None", source))

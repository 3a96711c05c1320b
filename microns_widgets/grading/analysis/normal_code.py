"""Code in a normal form: what stays the same when somebody renames, reformats or reorders it.

Each statement gets a few *marks*, texts that are equal where the statements are: with and without
what only decorates (labels, colours), together with the statements that made its variables, and
with the one before. No mark depends on names that the student chose, on comments, formatting or
root ids, and only one on the order of statements that do not depend on each other.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

#: Characters of code of one notebook that are read, and statements that are compared.
MOST_CODE, MOST_STATEMENTS = 100_000, 2_000
#: Tokens of a statement that are compared: nothing that a student writes is longer.
_LONGEST = 600
#: An integer from here on is an id; a text of as many digits is one, too.
_ID = 10**9
_MAGIC = re.compile(r"^(?P<indent>[ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_MAGIC_VALUE = re.compile(r"=[ \t]*[%!](?!=).*$", re.MULTILINE)
#: Arguments and methods that decorate a figure or show a result, and compute nothing.
_DECORATION = frozenset(
    """
    color c colors cmap palette s size alpha figsize title label labels xlabel ylabel fontsize
    linewidth lw ls linestyle marker markersize rot rotation ha width height edgecolor legend
    dpi zorder
    """.split()  # noqa: SIM905  a list of so many words reads badly
)
_LABELLING = frozenset(
    """
    set_title set_xlabel set_ylabel title xlabel ylabel suptitle legend set grid tight_layout
    tick_params set_xlim set_ylim xlim ylim xticks show despine
    """.split()  # noqa: SIM905  a list of so many words reads badly
)
_SHOWN = frozenset({"print", "display", "check", "hand_in", "head", "describe", "info"})
_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler
_SKIPPED = ("ctx", "type_comment", "name", "lineno")
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list")


@dataclass(frozen=True)
class CodeCell:
    """A code cell: its index in the notebook, the question to which it belongs, and its source."""

    index: int
    question: str
    source: str


@dataclass(frozen=True)
class Statement:
    """One statement in its normal form.

    Attributes
    ----------
    cell : CodeCell
        Where it is.
    first, last : int
        Its lines in the cell, from 0; of a compound statement only the head.
    marks : tuple of str
        What is equal in equal statements, the most specific first.
    size : int
        Number of tokens.
    """

    cell: CodeCell
    first: int
    last: int
    marks: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Text:
    """A text in the code that consists of words, such as a written answer."""

    cell: CodeCell
    first: int
    last: int
    text: str


@dataclass
class NormalCode:
    """The statements and texts of a notebook.

    Attributes
    ----------
    statements : list of Statement
        In their order.
    texts : list of Text
        In their order.
    names : set of str
        Names that the student chose.
    comments : set of str
        Comments, without the sign.
    cut : bool
        Whether the notebook is so long that only its start was read.
    """

    statements: list[Statement] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    cut: bool = False


def normal_code(cells: Iterable[CodeCell], fixed: frozenset[str], words: int) -> NormalCode:
    """Return a notebook's code in its normal form.

    Parameters
    ----------
    cells : iterable of CodeCell
        Its code cells in order; untrusted, and not always valid Python.
    fixed : frozenset of str
        Names that all students have: answers, and what given cells define. They stay.
    words : int
        A string of at least so many words is a text.
    """
    result = NormalCode()
    left = MOST_CODE
    parsed: list[tuple[CodeCell, list[ast.stmt]]] = []
    for cell in cells:
        if len(cell.source) > left:
            result.cut = True
            break
        left -= len(cell.source)
        with warnings.catch_warnings():
            # A path of Windows in a cell, such as "C:\\data", is not this program's mistake.
            warnings.simplefilter("ignore")
            parsed.append((cell, list(_statements(cell.source))))
        result.comments |= {
            text
            for line in cell.source.splitlines()
            if line.lstrip().startswith("#") and len(text := line.strip(" \t#").casefold()) > 8
        }
    aliases: dict[str, str] = {}
    for _, body in parsed:
        for statement in body:
            result.names |= set(_chosen(statement, aliases)) - fixed
    reader = _Reader(result, frozenset(result.names), aliases, words)
    for cell, body in parsed:
        # Nothing that a student writes nests so deeply.
        with suppress(RecursionError):
            reader.read(cell, body, "")
    return result


def _statements(source: str) -> Iterator[ast.stmt]:
    """Yield the statements of a cell; of one with an error, those of its blocks without."""
    source = _MAGIC_VALUE.sub("= None", _MAGIC.sub(r"\g<indent>pass", source))
    lines = source.split("\n")
    body = _parse(source)
    if body is not None:
        yield from body
        return
    starts = [n for n, line in enumerate(lines) if line[:1].strip() and line[0] not in ")]}#"]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        body = _parse("\n".join(lines[start:end]))
        for statement in body or ():
            ast.increment_lineno(statement, start)
            yield statement


def _parse(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _chosen(statement: ast.stmt, aliases: dict[str, str]) -> Iterator[str]:
    """Yield names that a statement defines; add those of modules to the aliases."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, _NAMED):
            yield from [node.name] if node.name else []
        elif isinstance(node, ast.Import | ast.ImportFrom):
            aliases |= {one.asname: one.name for one in node.names if one.asname}


class _Reader:
    """Reads statements in order, and remembers which one made each variable."""

    def __init__(
        self, result: NormalCode, own: frozenset[str], aliases: Mapping[str, str], words: int
    ) -> None:
        self._result = result
        self._own, self._aliases, self._words = own, aliases, words
        self._made_by: dict[str, str] = {}
        self._before = ""

    def read(self, cell: CodeCell, body: Sequence[ast.AST], inside: str) -> None:
        """Read the statements of a cell or of a compound statement."""
        for node in body:
            if len(self._result.statements) >= MOST_STATEMENTS:
                self._result.cut = True
                return
            head = self._statement(cell, node, inside)
            for name in _BODIES:
                inner = getattr(node, name, None)
                if isinstance(inner, list) and not isinstance(node, ast.Lambda):
                    self.read(cell, [one for one in inner if not isinstance(one, ast.expr)], head)

    def _statement(self, cell: CodeCell, node: ast.AST, inside: str) -> str:
        """Add a statement, and return its normal form."""
        tokens = _Tokens(self._own, self._aliases)
        with suppress(_TooLong):
            tokens.add(node)
        core = " ".join(tokens.core)
        if isinstance(node, ast.stmt):
            first, last = _lines(node)
            text = _text_of(node, self._words)
            if text:
                self._result.texts.append(Text(cell, first, last, text))
            elif not _is_trivial(node):
                makers = sorted({self._made_by[n] for n in tokens.loaded if n in self._made_by})
                marks = (
                    f"= {' '.join(tokens.full)}",
                    *(f"{maker} > {core}" for maker in makers),
                    *([f"{inside} : {core}"] if inside else []),
                    *([f"{self._before} , {core}"] if self._before else []),
                    f"~ {core}",
                )
                self._result.statements.append(
                    Statement(cell, first, last, marks, len(tokens.core))
                )
                self._before = core
        for name in tokens.stored:
            self._made_by[name] = core
        return core


def _lines(node: ast.stmt) -> tuple[int, int]:
    """Return the first and the last line of a statement, of a compound one of its head."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
        last = max(first, min(last, body[0].lineno - 2))
    return first, last


def _text_of(node: ast.stmt, words: int) -> str:
    """Return the text of a statement that assigns words; empty if it does something else."""
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) or node.value is None:
        return ""
    parts = [
        one.value
        for one in ast.walk(node.value)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    text = " ".join(parts)
    return text if len(text.split()) >= words else ""


def _is_trivial(node: ast.stmt) -> bool:
    """Return whether a statement computes nothing: an import, a display, a prompt, a text."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass | ast.Global | ast.Nonlocal):
        return True
    if isinstance(node, ast.Expr):
        value = node.value
        if isinstance(value, ast.Call):
            name = getattr(value.func, "attr", getattr(value.func, "id", ""))
            return name in _SHOWN
        return isinstance(value, ast.Constant | ast.Name | ast.Attribute)
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and node.value.value is ...
    )


class _TooLong(Exception):
    """A statement has more tokens than are compared."""


class _Tokens:
    """The tokens of one statement; its own names are numbered in order of appearance.

    `full` has all tokens, `core` those without decoration. The statements inside a compound
    statement are left out.
    """

    def __init__(self, own: frozenset[str], aliases: Mapping[str, str]) -> None:
        self._own, self._aliases = own, aliases
        self._full_numbers: dict[str, str] = {}
        self._core_numbers: dict[str, str] = {}
        self._decoration = 0
        self.full: list[str] = []
        self.core: list[str] = []
        self.loaded: set[str] = set()
        self.stored: set[str] = set()

    def add(self, node: ast.AST) -> None:
        """Add the tokens of a node."""
        match node:
            case ast.Name():
                (self.stored if isinstance(node.ctx, ast.Store) else self.loaded).add(node.id)
                self._name(node.id)
            case ast.arg():
                self._name(node.arg)
            case ast.Constant():
                self._constant(node.value)
            case ast.Attribute():
                self.add(node.value)
                self._token(f".{node.attr}")
            case ast.Call():
                self._call(node)
            case _:
                self._other(node)

    def _token(self, full: str, core: str | None = None) -> None:
        if len(self.full) >= _LONGEST:
            raise _TooLong
        self.full.append(full)
        if not self._decoration:
            self.core.append(full if core is None else core)

    def _name(self, name: str) -> None:
        if name not in self._own:
            self._token(self._aliases.get(name, name))
            return
        full = self._full_numbers.setdefault(name, f"v{len(self._full_numbers)}")
        if self._decoration:
            self._token(full)
        else:
            self._token(full, self._core_numbers.setdefault(name, f"v{len(self._core_numbers)}"))

    def _constant(self, value: object) -> None:
        is_number = isinstance(value, int) and abs(value) >= _ID
        if is_number or (isinstance(value, str) and len(value) >= 10 and value.isdecimal()):
            self._token("ID")
        else:
            is_label = isinstance(value, str) and (" " in value or len(value) > 24)
            self._token(repr(value)[:200], "S" if is_label else None)

    def _call(self, node: ast.Call) -> None:
        self.add(node.func)
        labels = isinstance(node.func, ast.Attribute) and node.func.attr in _LABELLING
        self._decoration += labels
        for argument in node.args:
            self.add(argument)
        for keyword in sorted(node.keywords, key=lambda one: one.arg or ""):
            self._decoration += keyword.arg in _DECORATION
            self._token(f"{keyword.arg}=")
            self.add(keyword.value)
            self._decoration -= keyword.arg in _DECORATION
        self._decoration -= labels

    def _other(self, node: ast.AST) -> None:
        self._token(type(node).__name__)
        name = getattr(node, "name", None)
        if isinstance(name, str):
            self.stored.add(name)
            self._name(name)
        compound = isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case)
        for part, value in ast.iter_fields(node):
            if part in _SKIPPED or (compound and part in _BODIES):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    self.add(one)
                elif isinstance(one, str | int):
                    self._token(str(one)[:200])

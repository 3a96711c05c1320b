"""Whether variables have the values that a notebook gives when it is run from top to bottom.

Nothing is run again. Each variable gets a fingerprint: that of the statement which set it, and of
the variables that the statement used. The kernel's history gives the fingerprints of what was run,
and the notebook's cells those of what would be run; where they differ, the value may differ too.
What a statement does by calling a method (``rows.append(1)``) is not seen.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Cause = Literal["deleted", "changed", "unsaved", "earlier"]


@dataclass(frozen=True)
class Difference:
    """Why a variable may have another value than the notebook gives.

    Attributes
    ----------
    cause : {"deleted", "changed", "unsaved", "earlier"}
        No cell sets it; its own code is not what was run; it was computed with the value that
        `source` has now, but the notebook's code for `source` is not what was run; or it was
        computed with another value of `source` than the notebook gives.
    source : str
        For ``"unsaved"`` and ``"earlier"``: the variable that differs.
    """

    cause: Cause
    source: str = ""


@dataclass(frozen=True)
class _Setting:
    """How a variable was set: the statement, and the fingerprints of the variables it used."""

    statement: str
    used: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(
            repr((self.statement, sorted(self.used.items()))).encode()
        ).hexdigest()


@dataclass
class Values:
    """The fingerprints of all variables after cells were run one after the other."""

    now: dict[str, str] = field(default_factory=dict)
    _settings: dict[str, _Setting] = field(default_factory=dict)
    #: What the functions that the notebook defines use when they are called.
    _bodies: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def after(cls, cells: Iterable[str]) -> Values:
        """Return the fingerprints after cells of plain Python; what does not parse is skipped."""
        values = cls()
        for source in cells:
            try:
                statements = ast.parse(source).body
            except (SyntaxError, ValueError, RecursionError):
                continue
            for statement in statements:
                values._run(statement)
        return values

    def _run(self, statement: ast.stmt) -> None:
        names = _names(statement)
        used = self._with_bodies(names.used)
        setting = _Setting(
            ast.dump(statement), {name: self.now[name] for name in used if name in self.now}
        )
        for name in names.set:
            self.now[name] = setting.fingerprint
            self._settings[setting.fingerprint] = setting
            self._bodies[name] = names.body

    def _with_bodies(self, names: Iterable[str]) -> set[str]:
        """Return the names, and those that functions among them use."""
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self._bodies.get(name, ())
        return seen

    def difference(self, name: str, notebook: Values) -> Difference | None:
        """Compare a variable with its value after the notebook's cells; None if it is the same."""
        own, other = self.now.get(name), notebook.now.get(name)
        if own is None or own == other:
            return None  # Not set by a statement of a cell: nothing is known.
        if other is None:
            return Difference("deleted")
        source = self._source(own, other, notebook)
        if not source:
            return Difference("changed")
        # Everything was run in order with what is in the cells, which are not saved yet.
        unsaved = self.now.get(source) != notebook.now.get(source) and not self.outdated(
            name, source
        )
        return Difference("unsaved" if unsaved else "earlier", source)

    def _source(self, own: str, other: str, notebook: Values) -> str:
        """Return the variable from which a difference comes; empty if it is the statement's own."""
        here, there = self._settings[own], notebook._settings[other]
        if here.statement != there.statement:
            return ""
        for name in sorted(here.used.keys() | there.used.keys()):
            before, after = here.used.get(name), there.used.get(name)
            if before != after:
                return (self._source(before, after, notebook) if before and after else "") or name
        return ""

    def outdated(self, name: str, source: str) -> bool:
        """Return whether a variable was computed with a value that another one no longer has."""
        return any(one != self.now.get(source) for one in self._history(self.now.get(name), source))

    def _history(self, fingerprint: str | None, source: str) -> Iterator[str]:
        waiting, seen = [fingerprint], set()
        while waiting:
            one = waiting.pop()
            if one is None or one in seen:
                continue
            seen.add(one)
            used = self._settings[one].used
            if source in used:
                yield used[source]
            waiting += used.values()


@dataclass(frozen=True)
class _Names:
    """Variables that a statement sets and uses, and those that its function uses when called."""

    set: frozenset[str]
    used: frozenset[str]
    body: frozenset[str] = frozenset()


def _names(statement: ast.stmt) -> _Names:
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _Names(frozenset({statement.name}), frozenset(), _globals_of(table))
    stored = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    used = _globals_of(table)
    augmented, parts = set(), set()
    for node in ast.walk(statement):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            augmented.add(node.target.id)
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            parts.add(_base(node))
    parts.discard("")
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr):
        # A loop's own variables are set before they are used.
        used -= stored - augmented
    return _Names(frozenset(stored | parts), frozenset(used | parts | augmented))


def _globals_of(table: symtable.SymbolTable) -> frozenset[str]:
    """Return the notebook's variables that a scope uses, inner scopes included."""
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
    }
    for child in table.get_children():
        names |= _globals_of(child)
    return frozenset(names - vars(builtins).keys())


def _base(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""

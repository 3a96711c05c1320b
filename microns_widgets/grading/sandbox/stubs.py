"""A copied stub, ``name = ...``, does not undo an answer.

Students copy the prompt below their finished answer, or leave it there. The stub then changes
nothing: the last real value before the check counts.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator


class KeepAnswers(ast.NodeTransformer):
    """Lets ``name = ...`` at the top level of a cell change nothing if the name has a value.

    Parameters
    ----------
    names : collection of str
        Names of the answers.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    def visit_Module(self, module: ast.Module) -> ast.Module:
        """Replace the stubs among a cell's statements."""
        module.body = [new for node in module.body for new in self._replaced(node)]
        return module

    def _replaced(self, node: ast.stmt) -> list[ast.stmt]:
        names = list(_stubs(node))
        if not names or not self._names.issuperset(names):
            return [node]
        return [
            ast.copy_location(one, node)
            for name in names
            for one in ast.parse(f"try: {name}\nexcept NameError: {name} = ...").body
        ]


def _stubs(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement sets to ``...``; none if it does anything else, too."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.Assign):
        targets = list(node.targets)
    else:
        return
    if isinstance(node.value, ast.Tuple) and len(targets) == 1:
        # n, m = ..., ...
        values, targets = node.value.elts, getattr(targets[0], "elts", [])
    else:
        values = [] if node.value is None else [node.value]
    for value in values:
        if not isinstance(value, ast.Constant) or value.value is not ...:
            return
    yield from (one.id for one in targets if values and isinstance(one, ast.Name))

"""Rules about figures: each has its own alternative text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tools.lint_notebooks.conventions import MIN_WORDS_OF_ALT
from tools.lint_notebooks.notebook import Cell, Finding, Notebook, dotted

_DRAWING_MODULES = ("plt.", "sns.", "mw.plots.")
_DRAWING_METHODS = {"plot", "hist", "imshow", "scatter", "bar", "barh", "boxplot", "pcolormesh"}


def figures_are_described(notebook: Notebook) -> Iterator[Finding]:
    for cell in drawing_cells(notebook):
        if cell.alt is None:
            yield notebook.finding(
                cell,
                "The cell draws a figure without an alternative text.",
                'Set its metadata: {"mystnb": {"image": {"alt": "what the figure shows"}}}.',
            )
    for cell, alt in _descriptions(notebook):
        if len(alt.split()) < MIN_WORDS_OF_ALT:
            yield notebook.finding(
                cell,
                f"The alternative text {alt!r} is too short.",
                "Describe what the figure shows.",
            )


def descriptions_differ(notebooks: Sequence[Notebook]) -> Iterator[Finding]:
    """The same text cannot describe two different pictures.

    Student notebooks are not compared: they have the texts of their masters.
    """
    first: dict[str, str] = {}
    for notebook in notebooks:
        if notebook.kind == "student":
            continue
        for cell, alt in _descriptions(notebook):
            key = " ".join(alt.casefold().split()).rstrip(".")
            here = f"{notebook.path} [{cell.id}]"
            if key and first.setdefault(key, here) != here:
                yield notebook.finding(
                    cell, f"{first[key]} has the same alternative text.", "Describe this picture."
                )


def drawing_cells(notebook: Notebook) -> Iterator[Cell]:
    """Yield the cells that draw, directly or with a function that the notebook defines."""
    own: set[str] = set()
    for cell in notebook.code:
        if cell.tree is None or cell.for_grading:
            continue
        functions = [node for node in cell.tree.body if isinstance(node, ast.FunctionDef)]
        own |= {node.name for node in functions if _draws(node, own)}
        rest = [node for node in cell.tree.body if node not in functions]
        if any(_draws(node, own) for node in rest):
            yield cell


def _draws(tree: ast.AST, own: set[str]) -> bool:
    names = [dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(
        name.startswith(_DRAWING_MODULES)
        or name in own
        or (last := name.rpartition(".")[2]) in _DRAWING_METHODS
        or last.startswith("plot_")
        for name in names
    )


def _descriptions(notebook: Notebook) -> Iterator[tuple[Cell, str]]:
    for cell in notebook.cells:
        if cell.alt is not None:
            yield cell, cell.alt
        for token in cell.inlines:
            if token.type == "image":
                yield cell, token.content


RULES = (figures_are_described,)
RULES_ACROSS = (descriptions_differ,)

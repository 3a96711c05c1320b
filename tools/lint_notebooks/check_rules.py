"""Rules about the questions that readers answer for themselves, `mw.SelfCheck`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint_notebooks.notebook import SELF_CHECK, Cell, Finding, Notebook

#: The first line, which Colab shows instead of the code, and JupyterLab as a placeholder.
_FIRST_LINE = "# @title Check yourself: run this cell, then answer"
_METADATA = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["remove-input"]}


def folded_questions(notebook: Notebook) -> Iterator[Finding]:
    """The code of a question contains its answer, so that no host may show it at first."""
    for cell in notebook.code:
        if not cell.is_self_check:
            continue
        if not cell.source.startswith(f"{_FIRST_LINE}\n"):
            yield notebook.finding(
                cell, "The cell of a question has no title.", f"Begin it with {_FIRST_LINE!r}."
            )
        if any(cell.raw["metadata"].get(key) != value for key, value in _METADATA.items()):
            yield notebook.finding(
                cell, "The code of a question is not folded.", f"Set its metadata: {_METADATA}."
            )
        if len(questions := list(_questions(cell))) > 1:
            yield notebook.finding(
                cell, f"The cell has {len(questions)} questions.", "Give each its own cell."
            )


def names_of_questions(notebook: Notebook) -> Iterator[Finding]:
    """The browser keeps an answer by its name, and counts the answers of a chapter."""
    chapter = notebook.path.stem
    names: set[str] = set()
    for cell in notebook.code:
        for call in _questions(cell):
            name = _argument(call, "name")
            if not isinstance(name, str) or not name.startswith(f"{chapter}/"):
                yield notebook.finding(
                    cell, f"The question's name is {name!r}.", f'Write name="{chapter}/...".'
                )
            elif name in names:
                yield notebook.finding(
                    cell, f"Two questions have the name {name!r}.", "Use a name for each."
                )
            else:
                names.add(name)


def questions_teach(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code:
        for call in _questions(cell):
            if not _argument(call, "because"):
                yield notebook.finding(
                    cell, "The question does not explain its answer.", "Write because=...."
                )
            if not _argument(call, "wrong"):
                yield notebook.finding(
                    cell, "No wrong answer tells something.", "Write wrong={answer: what it tells}."
                )


def texts_of(cell: Cell) -> list[str]:
    """Return the texts of a cell's questions, for the rules about wording."""
    return [
        node.value
        for call in _questions(cell)
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _questions(cell: Cell) -> Iterator[ast.Call]:
    return (call for name, call in cell.calls() if name == SELF_CHECK)


def _argument(call: ast.Call, name: str) -> object:
    """Return the value of an argument if it is written out, else its code."""
    for keyword in call.keywords:
        if keyword.arg == name:
            try:
                value: object = ast.literal_eval(keyword.value)
            except ValueError:
                return ast.unparse(keyword.value)
            return value
    return None


RULES = (folded_questions, names_of_questions, questions_teach)

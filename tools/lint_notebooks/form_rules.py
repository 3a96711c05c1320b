"""Rules about the file: its name, its format, the ids of its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tools.lint_notebooks.notebook import Finding, Notebook

_WORDS = re.compile(r"[a-z]+(_[a-z]+)*\.ipynb")
# Words and small numbers, joined by hyphens. Random ids mix letters and digits.
_PIECE = r"([a-z]+\d{0,4}|\d{1,4}[a-z]{0,3})"
_WORD_ID = re.compile(rf"(?!\d){_PIECE}(-{_PIECE})*")


def name_of_words(notebook: Notebook) -> Iterator[Finding]:
    """Names with numbers change when a chapter is inserted, which breaks links."""
    if not _WORDS.fullmatch(notebook.path.name):
        yield notebook.finding(
            None, "The file's name is not made of words.", "Use a name such as cell_types.ipynb."
        )


def current_format(notebook: Notebook) -> Iterator[Finding]:
    raw = notebook.raw
    if (raw["nbformat"], raw["nbformat_minor"]) != (4, 5):
        version = f"{raw['nbformat']}.{raw['nbformat_minor']}"
        yield notebook.finding(None, f"The format is {version}, expected 4.5.", "Save it as 4.5.")
    kernel = raw["metadata"].get("kernelspec", {}).get("name")
    if kernel != "python3":
        yield notebook.finding(
            None, f"The kernel is {kernel!r}, expected 'python3'.", "Set kernelspec.name."
        )


def no_outputs(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.code:
        if cell.raw.get("outputs") or cell.raw.get("execution_count") is not None:
            yield notebook.finding(cell, "The cell has outputs.", "Clear all outputs, then save.")
    if "widgets" in notebook.raw["metadata"]:
        yield notebook.finding(
            None, "The notebook contains saved widgets.", "Remove metadata.widgets from the file."
        )


def ids_are_words(notebook: Notebook) -> Iterator[Finding]:
    """Links, grades and comments refer to a cell by its id."""
    for cell in notebook.cells:
        if "id" not in cell.raw or not _WORD_ID.fullmatch(cell.id):
            yield notebook.finding(
                cell, "The cell's id is not made of words.", 'Use an id such as "predict-cable".'
            )
    times = Counter(cell.id for cell in notebook.cells)
    for cell in notebook.cells:
        if times.pop(cell.id, 1) > 1:
            yield notebook.finding(cell, "Two cells have this id.", "Use a different id for each.")


RULES = (name_of_words, current_format, no_outputs, ids_are_words)

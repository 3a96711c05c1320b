"""What is unusual about a run, in words for the teacher (flags) and for the student (notes)."""

from __future__ import annotations

from collections.abc import Iterator

from microns_widgets.grading.ids import Ids
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.run.notebook_run import NotebookRun

_ENDS = {
    "time": "The notebook took longer than allowed and was stopped.",
    "memory": "The notebook used more memory than allowed and was stopped.",
    "disk": "The notebook wrote more to disk than allowed and was stopped.",
    "output": "The notebook produced more output than allowed and was stopped.",
    "broken": "The notebook ended its own process.",
}
_NO_EDITION = (
    "The notebook has no metadata, so it is not known which edition of the exercise it is."
)
#: What a notebook asked for, by `records.NOTES`.
_LACKS = {
    "library": "It imports libraries that are not installed here: {}. To add one: --with NAME.",
    "input": "It asks for input, and got an empty answer: {}.",
    "extension": "It loads extensions that are not installed here: {}.",
    "magic": "It uses magic commands that do nothing here: {}.",
    "command": "It runs shell commands (!), which do nothing here: {}.",
}

CELLS_OF_ANOTHER = (
    "The notebook used the cells of an id that is not yours. Your teacher decides on the points."
)


def other_cells(ids: Ids, own: float, used: float) -> str:
    """Return a flag for a notebook that used the cells of somebody else, with both scores."""
    asked = f"the id {ids.used!r}" if ids.used else "no id, which gives the practice cells"
    return (
        f"NOT DECIDED: the notebook used {asked}; the roster has {ids.owner!r}. With the cells "
        f"that it used, it would get {used:.2f} points; with those of {ids.owner!r}, {own:.2f}."
    )


def several_ids(ids: Ids) -> Iterator[str]:
    """Yield a flag for a notebook that asked for the cells of several ids."""
    if ids.others:
        before = ", ".join(repr(one) for one in ids.others)
        yield f"The notebook asked for the cells of {before} first, then of {ids.used!r}."


def flags(entry: Entry, run: NotebookRun) -> Iterator[str]:
    """Yield remarks for the teacher, the most important ones first."""
    yield from _failed_start(run)
    yield from entry.flags
    if not entry.provenance.edition:
        yield _NO_EDITION
    yield from _lacks(run)


def _failed_start(run: NotebookRun) -> Iterator[str]:
    """Yield a remark if the first cell failed: what it defines is missing in all others."""
    first = run.cells[0] if run.cells else None
    if first and first["error"]:
        yield (
            f"CELL {first['index'] + 1} FAILED, the first code cell: {first['error']}. The other "
            "cells were run without what it defines."
        )


def _lacks(run: NotebookRun) -> Iterator[str]:
    """Yield remarks on what the notebook asked for and this machine lacks."""
    for kind, words in _LACKS.items():
        names = {name: index for index, one, name in reversed(run.lacks) if one == kind}
        if names:
            listed = ", ".join(f"{name!r} (cell {names[name] + 1})" for name in sorted(names))
            yield words.format(listed)


def missing_libraries(run: NotebookRun) -> tuple[str, ...]:
    """Return the libraries that the notebook imports and this machine does not have."""
    return tuple(sorted({name for _, kind, name in run.lacks if kind == "library"}))


def notes(run: NotebookRun) -> Iterator[str]:
    """Yield remarks on the whole notebook for the student."""
    yield from _failed_start(run)
    if run.end != "whole":
        yield _ENDS[run.end]
    if any("module 'microns_widgets' has no attribute" in cell["error"] for cell in run.cells):
        yield (
            "The notebook uses a function that this version of the package does not have: it was "
            "made for another version. Download the exercise again and copy your answers."
        )

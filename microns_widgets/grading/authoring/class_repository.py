"""A repository for a class: exercises, chapters and a README, but no masters.

Whoever gets a copy of a Git repository can read all that was ever committed to it. So the files are
written to a folder of their own, and only after they were searched for parts of the masters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from microns_widgets._files import write_text
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.assign import Assignment
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.authoring.prompts import solutions
from microns_widgets.grading.notebook_json import source_of

#: Comments by which a master's own cells are recognised.
_MARKER = re.compile(r"^[ \t]*# (BEGIN SOLUTION|QUESTION$|CELLS$|KEY\b|WRONG |SAME )", re.MULTILINE)
#: Lines of a solution from which on it is not found elsewhere by chance.
_LINES = 3

_README = """\
# Exercises

{exercises}

The chapters in `course/` prepare you for them; begin with `course/start.ipynb`.

## Open a notebook

- **On your own computer:** install Python 3.11 or later and JupyterLab (`pip install jupyterlab`).
  Download this repository (Code, Download ZIP), run `jupyter lab` in its folder, and open a
  notebook. Its first cell installs what is missing.
- **In Colab:** open [colab.research.google.com](https://colab.research.google.com), then File,
  Upload notebook. For an exercise, also upload the `.json` file of the same name: click the folder
  at the left, then the upload symbol. Colab forgets this file: upload it again in each session.

Keep each exercise's `.json` file beside its notebook: it says which cells are yours, and
`mw.check` needs it.

## Work on an exercise and hand it in

1. Write your student number or e-mail after `STUDENT =`. Without it, you get cells for practice.
2. Replace each `...` with your answer. `mw.check(...)` checks its form; whether it is right is
   judged after you hand in.
3. Restart the kernel and run all cells. The last one, `mw.hand_in(...)`, lists what is
   missing and says which files to hand in.
"""


def write_class_repository(assignments: Sequence[Assignment], out: Path) -> list[Path]:
    """Write what students may have, and nothing else, to a folder.

    Parameters
    ----------
    assignments : sequence of Assignment
        As `assign` returns them.
    out : path
        A new folder, or one that this function wrote before. Other files there are left alone.

    Returns
    -------
    list of path
        The files that were written.

    Raises
    ------
    MasterError
        If the folder has masters, or shares a Git repository with them, or if a file would contain
        part of a solution; nothing is written.
    """
    masters = [one.master for one in assignments]
    problems = list(_place_problems(out, masters))
    files = dict(_files(assignments, out))
    for path, text in files.items():
        problems += [
            f"{path.relative_to(out)} would contain {what}." for what in leaks(text, masters)
        ]
    if problems:
        listing = "\n".join(f"- {one}" for one in problems)
        raise MasterError(f"No class repository was written to {out}:\n{listing}")
    for path, text in files.items():
        write_text(path, text)
    return list(files)


def _files(assignments: Sequence[Assignment], out: Path) -> Iterator[tuple[Path, str]]:
    rows = ["| notebook | points |", "|---|---|"]
    for one in sorted(assignments, key=lambda one: one.exercise.number):
        yield from one.files(out / "exercises").items()
        name, points = one.exercise.name, sum(q.points for q in one.exercise.questions)
        rows.append(f"| [{one.exercise.title}](exercises/{name}.ipynb) | {points:g} |")
    chapters = _chapters(assignments)
    for chapter in chapters:
        yield out / "course" / chapter.name, chapter.read_text(encoding="utf-8")
    readme = _README.format(exercises="\n".join(rows))
    if not chapters:
        readme = readme.replace(_README.split("\n\n")[2] + "\n\n", "")
    yield out / "README.md", readme


def _chapters(assignments: Sequence[Assignment]) -> list[Path]:
    """Return the chapters: in the folder `course` beside that of the masters."""
    folders = {one.master.path.absolute().parent.parent / "course" for one in assignments}
    return sorted(path for folder in folders for path in folder.glob("*.ipynb"))


def _place_problems(out: Path, masters: Sequence[Master]) -> Iterator[str]:
    """Yield why a folder must not be given to students."""
    out = out.absolute()
    root = next((one for one in (out, *out.parents) if (one / ".git").exists()), None)
    if root and any(master.path.absolute().is_relative_to(root) for master in masters):
        yield f"It is in the Git repository {root}, as the masters are. Name a folder outside."
    for path in sorted(out.rglob("*.ipynb")):
        if _MARKER.search(_text(path.read_text(encoding="utf-8", errors="replace"))):
            yield (
                f"It has a master already: {path.relative_to(out)}. Name an empty folder: Git "
                "keeps what was committed once."
            )


def leaks(text: str, masters: Sequence[Master]) -> list[str]:
    """Return which parts of masters a file's text contains, in words.

    Parameters
    ----------
    text : str
        Content of a file; of a notebook, its cells are searched.
    masters : sequence of Master
        Whose solutions, messages and guides are searched for.
    """
    text = _text(text)
    found = ["a marker of a master's cell"] if _MARKER.search(text) else []
    for master in masters:
        for what, secret in _secrets(master):
            if secret in text:
                found.append(f"{what} of {master.exercise.name}")
    return list(dict.fromkeys(found))


def _secrets(master: Master) -> Iterator[tuple[str, str]]:
    for cell in master.cells:
        if cell.get("cell_type") == "code":
            for block in solutions(source_of(cell)).blocks:
                if block.kind == "SOLUTION" and len(block.lines) >= _LINES:
                    yield "a solution", "\n".join(block.lines)
    for one in master.questions:
        for judging in one.judging_cells:
            if judging.message:
                yield "the message for a wrong answer", judging.message
            code = judging.source.strip().split("\n")[1:]
            if len(code) >= _LINES:
                yield "a judging cell", "\n".join(code)
        for answer in one.question.answers:
            if guide := str(answer.options.get("guide", "")):
                yield "a marker's guide", guide


def _text(content: str) -> str:
    """Return the text of a file; of a notebook or another JSON file, its strings."""
    try:
        return "\n".join(_strings(json.loads(content)))
    except (ValueError, RecursionError):
        return content


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        # A cell's source is one text, or a list of its lines.
        lines = [one for one in value if isinstance(one, str)]
        yield "".join(lines) if any("\n" in one for one in lines) else "\n".join(lines)
        for one in value:
            if not isinstance(one, str):
                yield from _strings(one)

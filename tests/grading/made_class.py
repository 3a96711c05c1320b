"""A class of made-up students: right solutions of the exercises, with accidents mixed in by a seed.

Each accident says what a fair person would give: full points, none for one question, or a decision.
"""

from __future__ import annotations

import copy
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.question import Question

ROOT = Path(__file__).parents[2]
EXERCISES = ("outputs", "inhibitory", "degree", "strength", "by_hand")
Notebook = dict[str, Any]


@dataclass
class Work:
    """What one student hands in for one exercise.

    Attributes
    ----------
    student, name : str
        Id and name in the roster.
    exercise : Exercise
        The exercise.
    notebook : dict
        The notebook.
    typed : str
        The line that assigns the id.
    lost : set of str
        Ids of questions for which a fair person gives nothing.
    decided : bool
        Whether a program can decide; False if the notebook has the cells of somebody else.
    handed_in : bool
        Whether there is a notebook at all.
    raw : callable, optional
        Turns the notebook's text into the file's bytes.
    earlier : bool
        Whether an unfinished attempt was handed in before.
    beside : dict
        Files beside the notebook.
    """

    student: str
    name: str
    exercise: Exercise
    notebook: Notebook
    typed: str
    lost: set[str] = field(default_factory=set)
    decided: bool = True
    handed_in: bool = True
    raw: Callable[[str], bytes] = str.encode
    earlier: bool = False
    beside: dict[str, str] = field(default_factory=dict)

    @property
    def fair(self) -> float:
        """The points of a fair person, without those for written answers, which stay open."""
        if not (self.handed_in and self.decided):
            return 0.0
        return sum(
            automatic(question)
            for question in self.exercise.questions
            if question.id not in self.lost
        )

    def cell(self, end: str) -> dict[str, Any]:
        """The first cell whose id has this end."""
        return next(c for c in self.notebook["cells"] if c.get("id", "").endswith(end))

    def first(self, source: str) -> None:
        """Put a cell before all others."""
        self.notebook["cells"].insert(0, code_cell(source))


def automatic(question: Question) -> float:
    """The points of a question that a program decides on."""
    return sum(answer.points for answer in question.answers if answer.judged != "person")


def code_cell(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"own-{abs(hash(source)) % 10**6}",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }


def solved(name: str) -> Notebook:
    """The student notebook of an exercise, with the master's solutions in it."""
    notebook: Notebook = json.loads((ROOT / "exercises" / f"{name}.ipynb").read_text())
    master = json.loads((ROOT / "solutions" / f"{name}.ipynb").read_text())
    solutions = {
        cell["id"]: "".join(cell["source"])
        for cell in master["cells"]
        if cell["cell_type"] == "code" and "# BEGIN SOLUTION" in "".join(cell["source"])
    }
    for cell in notebook["cells"]:
        if cell["id"] in solutions:
            lines = solutions[cell["id"]].splitlines(keepends=True)
            prompt = False
            kept = []
            for line in lines:
                prompt = prompt or line.startswith("# BEGIN PROMPT")
                if not prompt and not line.startswith(("# BEGIN", "# END")):
                    kept.append(line)
                prompt = prompt and not line.startswith("# END PROMPT")
            cell["source"] = kept
    return notebook


Accident = Callable[[Work, random.Random], None]
ACCIDENTS: dict[str, Accident] = {}


def accident(name: str) -> Callable[[Accident], Accident]:
    """Register an accident."""

    def register(function: Accident) -> Accident:
        ACCIDENTS[name] = function
        return function

    return register


@accident("nothing unusual")
def _plain(work: Work, rng: random.Random) -> None:
    pass


@accident("a plotting magic at the top")
def _magic(work: Work, rng: random.Random) -> None:
    word = rng.choice(["inline", "notebook", "widget", "qt", ""])
    work.first(f"%matplotlib {word}\n%config InlineBackend.figure_format = 'retina'")


@accident("the id in another form")
def _form(work: Work, rng: random.Random) -> None:
    forms = ["STUDENT = {id}", "STUDENT: str = '{id}'", 'STUDENT = r"{id}"', "STUDENT = ' {id} '"]
    work.typed = rng.choice(forms).format(id=work.student)


@accident("from Colab")
def _colab(work: Work, rng: random.Random) -> None:
    for cell in work.notebook["cells"]:
        cell["metadata"]["id"] = cell["id"]
    work.notebook["metadata"]["colab"] = {"provenance": []}
    work.first("from google.colab import drive\ndrive.mount('/content/drive')")


@accident("a byte order mark and other line ends")
def _bytes(work: Work, rng: random.Random) -> None:
    work.raw = lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


@accident("an old form of the file")
def _old(work: Work, rng: random.Random) -> None:
    for cell in work.notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    work.raw = lambda text: _without_ids(text)


def _without_ids(text: str) -> bytes:
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell.pop("id")
    return json.dumps(notebook | {"nbformat_minor": 4}).encode()


@accident("a question at the keyboard")
def _input(work: Work, rng: random.Random) -> None:
    work.first("name = input('Your name? ')")


@accident("a library that is not here")
def _library(work: Work, rng: random.Random) -> None:
    work.first("import no_such_library as nsl, math\n%pip install no-such-library")


@accident("a first cell that fails")
def _failing(work: Work, rng: random.Random) -> None:
    work.first("not_defined_yet.head()")


@accident("no metadata")
def _metadata(work: Work, rng: random.Random) -> None:
    work.notebook["metadata"].pop("microns")


@accident("a stub copied below the answer")
def _stub(work: Work, rng: random.Random) -> None:
    question = rng.choice(work.exercise.questions)
    stub = "\n".join(f"{answer.name} = ..." for answer in question.answers)
    work.notebook["cells"].insert(_check_of(work, question), code_cell(stub))


@accident("an answer written twice")
def _twice(work: Work, rng: random.Random) -> None:
    cell = work.cell("-solution")
    cells = work.notebook["cells"]
    cells.insert(cells.index(cell) + 1, copy.deepcopy(cell))


@accident("an unfinished attempt before")
def _earlier(work: Work, rng: random.Random) -> None:
    work.earlier = True


@accident("a file beside the notebook")
def _beside(work: Work, rng: random.Random) -> None:
    work.beside["helpers.py"] = "def same(value):\n    return value\n"
    work.cell("student")["source"] = ["from helpers import same\n", *work.cell("student")["source"]]


@accident("another kernel's name")
def _kernel(work: Work, rng: random.Random) -> None:
    work.notebook["metadata"]["kernelspec"] = {"name": "conda-env-x-py", "display_name": "x"}


@accident("a question left out")
def _left_out(work: Work, rng: random.Random) -> None:
    # The last one, so that no other needs its values.
    question = work.exercise.questions[-1]
    place = _check_of(work, question)
    cells = work.notebook["cells"]
    while not cells[place - 1]["id"].endswith("-solution"):
        place -= 1
    cells[place - 1]["source"] = [f"{answer.name} = ...\n" for answer in question.answers]
    work.lost.add(question.id)


@accident("the cells of a friend")
def _friend(work: Work, rng: random.Random) -> None:
    own = work.exercise.variant(work.student)
    while work.exercise.variant(other := str(rng.randrange(10**6))) == own:
        pass
    work.typed = f"STUDENT = '{other}'"
    work.decided = False


@accident("nothing handed in")
def _nothing(work: Work, rng: random.Random) -> None:
    work.handed_in = False


def _check_of(work: Work, question: Question) -> int:
    return next(
        place
        for place, cell in enumerate(work.notebook["cells"])
        if f'mw.check("{question.id}")' in "".join(cell["source"])
    )


_NAMES = (
    *("Ada Lovelace", "Zoë Müller", "Nuala O'Brien", "李 小龙", "Jean-Luc Picard", "Çağla Öz"),
    *("Anna Maria da Silva", "José García", "Þóra Jónsdóttir", "محمد علي", "Bo Li", "Li Bo"),
)


def made_class(
    number: int, seed: int, names: tuple[str, ...] = EXERCISES
) -> list[tuple[str, Work]]:
    """Make students, each with one exercise and one accident, in turn.

    Returns
    -------
    list of (str, Work)
        The accident's name, and the work.
    """
    rng = random.Random(seed)
    exercises = {name: read_exercise(ROOT / "exercises" / f"{name}.json") for name in names}
    notebooks = {name: solved(name) for name in names}
    students = rng.sample(range(100_000, 999_999), number)
    works = []
    for place, student in enumerate(students):
        name = names[place % len(names)]
        kind = list(ACCIDENTS)[place % len(ACCIDENTS)]
        work = Work(
            str(student),
            f"{_NAMES[place % len(_NAMES)]} {place}",
            exercises[name],
            copy.deepcopy(notebooks[name]),
            f"STUDENT = '{student}'",
        )
        ACCIDENTS[kind](work, rng)
        works.append((kind, work))
    return works


def write_class(works: list[tuple[str, Work]], folder: Path) -> tuple[Path, Path]:
    """Write Moodle's export of a class, and its roster; return both paths."""
    export, roster = folder / "export.zip", folder / "class.csv"
    lines = ["student,name,id\n"]
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (_, work) in enumerate(works):
            lines.append(f"{work.student},{work.name},{1000 + place}\n")
            if not work.handed_in:
                continue
            home = f"{work.name}_{1000 + place}_assignsubmission_file_"
            text = _text(work)
            if work.earlier:
                archive.writestr(f"{home}/{work.exercise.name}.ipynb", _text(work, unfinished=True))
            suffix = " (1)" if work.earlier else ""
            archive.writestr(f"{home}/{work.exercise.name}{suffix}.ipynb", work.raw(text))
            for name, content in work.beside.items():
                archive.writestr(f"{home}/{name}", content)
    roster.write_text("".join(lines), encoding="utf-8")
    return export, roster


def _text(work: Work, *, unfinished: bool = False) -> str:
    notebook = copy.deepcopy(work.notebook)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell.get("id") == "student":
            lines = source.splitlines(keepends=True)
            cell["source"] = [
                work.typed + "\n" if line.startswith("STUDENT = ") else line for line in lines
            ]
        elif unfinished and cell.get("id", "").endswith("-solution"):
            cell["source"] = []
    return json.dumps(notebook)

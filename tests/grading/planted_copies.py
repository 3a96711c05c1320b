"""A made-up class in which some students copied, in a known way, and all others are honest."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grading.honest_solutions import NAMES, answers

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question

_GIVEN = (
    ("data", "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\n\n"
     "import microns_widgets as mw\n\ncon = mw.load()"),
    ("student", 'STUDENT = ""  # your student number\ncell = mw.own_cell(con, STUDENT, "alike")\n'
     'cells = con.select(proofread=True, cell_type="BC")'),
)  # fmt: skip
_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "alike.count": ("n_outputs", {"kind": "number"}),
    "alike.targets": ("targets", {"kind": "ids"}),
    "alike.table": (
        "by_type",
        {
            "kind": "table",
            "key": ["cell_type_auto"],
            "columns": {"n_synapses": {"kind": "number"}},
        },
    ),
    "alike.matrix": ("density", {"kind": "number"}),
    "alike.figure": ("ax_types", {"kind": "figure", "marks": "bars"}),
    "alike.why": ("why", {"kind": "written"}),
}
EXERCISE = Exercise(
    "alike",
    1,
    1,
    "Alike",
    tuple(
        Question.from_table(
            {
                "id": name,
                "title": name,
                "points": 1,
                "answers": {variable: {**options, "about": variable}},
            },
            f"1.{number}",
        )
        for number, (name, (variable, options)) in enumerate(_ANSWERS.items(), 1)
    ),
)
#: What a student gets: given cells, a prompt for each question, and its check.
STUB = [
    *_GIVEN,
    *(
        cell
        for name, (variable, _) in _ANSWERS.items()
        for cell in ((name, f"{variable} = ...  # {variable}"), ("check", f'mw.check("{name}")'))
    ),
]
_KEPT = {variable for variable, _ in _ANSWERS.values()} | {"con", "cell", "cells", "mw"}
_KEPT |= {"np", "pd", "plt", "sns", "STUDENT", "_", "Counter"}
#: Questions that are copied alone.
_COPIED = ("alike.table", "alike.matrix", "alike.figure")
_TRANSLATED = "# die Ausgänge zählen", "# jetzt die Typen", "# Bild", "# fertig", "# das dauert"

Code = dict[str, str]
Change = Callable[[Code, random.Random], Code]


@dataclass(frozen=True)
class Planted:
    """A copy: who copied from whom, and how."""

    original: str
    copy: str
    kind: str


@dataclass(frozen=True)
class MadeUp:
    """A class: the code of each student's notebook, and which of them copied."""

    code: dict[str, Code]
    orders: dict[str, list[str]]
    planted: list[Planted]

    def notebook(self, student: str) -> bytes:
        """Return a student's notebook."""
        cells = [_cell(name, source) for name, source in _GIVEN]
        for question in self.orders[student]:
            cells.append(_cell(question, self.code[student][question]))
            cells.append(_cell(f"check-{question}", f'mw.check("{question}")'))
        for cell in cells:
            cell["source"] = cell["source"].replace('STUDENT = ""', f"STUDENT = {student!r}")
        metadata = {"microns": {"exercise": "alike", "edition": 1}}
        notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(notebook).encode()


def _cell(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "source": source}


def id_only(code: Code, rng: random.Random) -> Code:
    """Only the id in the first cell differs."""
    return dict(code)


def renamed(code: Code, rng: random.Random) -> Code:
    """All variables of the student have other names."""
    stored = {
        node.id
        for source in code.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    stored |= {
        node.arg
        for source in code.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.arg)
    }
    stored |= {
        node.name
        for source in code.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }
    pool = sorted({name for names in NAMES.values() for name in names} - {"_"} - stored)
    new = dict(zip(sorted(stored - _KEPT), rng.sample(pool, len(pool)), strict=False))

    def replace(source: str) -> str:
        if source.startswith("why"):
            return source
        return re.sub(
            r"(?<![\w.\"'])[A-Za-z_]\w*(?![\w\"'])", lambda m: new.get(m[0], m[0]), source
        )

    return {question: replace(source) for question, source in code.items()}


def comments(code: Code, rng: random.Random) -> Code:
    """Comments are translated or removed, and some are added."""
    changed = {}
    for question, source in code.items():
        lines = []
        for line in source.split("\n"):
            if line.lstrip().startswith("#"):
                if rng.random() < 0.5:
                    lines.append(rng.choice(_TRANSLATED))
                continue
            lines.append(line)
        if rng.random() < 0.5:
            lines.insert(0, rng.choice(_TRANSLATED))
        changed[question] = "\n".join(lines)
    return changed


def reordered(code: Code, rng: random.Random) -> Code:
    """Independent statements are in another order; `made_up` also shuffles the cells."""
    return {question: _reordered(source, rng) for question, source in code.items()}


def _reordered(source: str, rng: random.Random) -> str:
    body = ast.parse(source).body
    for _ in range(20):
        if len(body) < 2:
            break
        place = rng.randrange(len(body) - 1)
        first, second = body[place], body[place + 1]
        if not (_stored(first) & _names(second) or _stored(second) & _names(first)):
            body[place], body[place + 1] = second, first
    return "\n".join(ast.unparse(statement) for statement in body)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | _stored(node)


def _stored(node: ast.AST) -> set[str]:
    """Names that a statement sets; whatever has an effect on a figure or an object, too."""
    names = {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and (isinstance(one.ctx, ast.Store) or _is_call(node))
    }
    names |= {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef)}
    names |= {
        (alias.asname or alias.name).partition(".")[0]
        for one in ast.walk(node)
        if isinstance(one, ast.Import | ast.ImportFrom)
        for alias in one.names
    }
    return names


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def reformatted(code: Code, rng: random.Random) -> Code:
    """A formatter changed quotation marks, line breaks and brackets."""
    changed = {}
    for question, source in code.items():
        text = ast.unparse(ast.parse(source))
        changed[question] = text.replace(", ", ",\n    ") if text.count("(") == 1 else text
    return changed


def edited(code: Code, rng: random.Random) -> Code:
    """Renamed, labels and colours replaced, and lines to look at results added."""
    changed = renamed(code, rng)
    for question, source in changed.items():
        if question == "alike.why":
            continue
        lines = source.split("\n")
        lines.append(rng.choice(("print('ok')", "1 + 1", "print(len(cells))", "x_test = 3")))
        text = "\n".join(lines)
        for old in ("steelblue", "grey", "orange", "C2", "gray", "tab:blue"):
            text = text.replace(f'"{old}"', '"purple"')
        text = re.sub(r'(ylabel\(|ylabel=)"[^"]*"', r'\1"synapses of my cell"', text)
        changed[question] = text
    return changed


def everything(code: Code, rng: random.Random) -> Code:
    """Renamed, reordered, reformatted, without the comments."""
    return reformatted(reordered(renamed(code, rng), rng), rng)


def one_question(code: Code, rng: random.Random) -> Code:
    """One question with code is copied and renamed; all others are the student's own."""
    question = rng.choice(_COPIED)
    return answers(rng) | {question: renamed(code, rng)[question]}


def one_long_question(code: Code, rng: random.Random) -> Code:
    """The longest question is copied and renamed; all others are the student's own."""
    question = max(_COPIED, key=lambda name: len(code[name]))
    return answers(rng) | {question: renamed(code, rng)[question]}


def two_questions(code: Code, rng: random.Random) -> Code:
    """Two questions with code are copied and renamed; all others are the student's own."""
    own = answers(rng)
    copied = renamed(code, rng)
    for question in rng.sample(_COPIED, 2):
        own[question] = copied[question]
    return own


def words_only(code: Code, rng: random.Random) -> Code:
    """Only the written answer is copied, with a few words replaced."""
    text = code["alike.why"]
    for old, new in (("synapses", "contacts"), ("perhaps", "possibly"), ("Maybe", "Perhaps")):
        text = text.replace(old, new)
    return answers(rng) | {"alike.why": text}


KINDS: dict[str, Change] = {
    "only the id": id_only,
    "renamed": renamed,
    "comments": comments,
    "reordered": reordered,
    "reformatted": reformatted,
    "edited": edited,
    "everything": everything,
    "two questions": two_questions,
    "one question": one_question,
    "one long question": one_long_question,
    "words only": words_only,
}


def made_up(number: int, seed: int, each: int = 2) -> MadeUp:
    """Make a class in which `each` students copied in each way, every one from somebody else."""
    rng = random.Random(seed)
    students = [f"s{place:04d}" for place in range(number)]
    code = {student: answers(rng) for student in students}
    orders = {student: list(_ANSWERS) for student in students}
    chosen = rng.sample(students, 2 * each * len(KINDS))
    planted = []
    for place, kind in enumerate(kind for kind in KINDS for _ in range(each)):
        original, copy = chosen[2 * place : 2 * place + 2]
        if kind == "one long question":
            code[original] = answers(rng, detours=rng.choice(_COPIED))
        code[copy] = KINDS[kind](code[original], rng)
        if kind in ("reordered", "everything"):
            rng.shuffle(orders[copy])
        planted.append(Planted(original, copy, kind))
    return MadeUp(code, orders, planted)

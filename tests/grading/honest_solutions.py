"""Honest solutions of a made-up exercise: independent ways, recombined at random per student.

``honest_ways.toml`` has seven or eight ways to solve each question. ``«a¦b»`` in a way is a choice
that students make without thinking, and ``$word`` is a variable that each student calls otherwise.
A student has a style and prefers ways of this style, so that two honest students often choose the
same ways. Some take detours: statements that explore, and are not needed.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

#: How students call their variables.
NAMES = {
    "out": ("outputs", "out", "outs", "df", "syn", "my_outputs", "o", "out_syn", "synapses_out"),
    "tab": ("table", "tab", "df2", "counts", "t", "result", "summary", "per_type", "res"),
    "lab": ("labels", "types", "lab", "cell_types", "target_types", "l", "typ", "names"),
    "tg": ("target_ids", "partners", "post", "ids_post", "p", "all_targets", "tgt", "posts"),
    "i": ("i", "x", "row", "one", "item", "k", "r", "cell_id", "s"),
    "n": ("n", "count", "c", "total", "num", "number", "cnt", "how_many"),
    "fig": ("fig", "_", "f", "figure", "figur"),
    "mat": ("m", "matrix", "mat", "M", "A", "adj", "con_matrix", "W"),
    "d": ("d", "dic", "by", "counter", "dct", "tally", "seen"),
    "fn": ("count_by", "helper", "get_counts", "f", "make_table", "compute", "do_it"),
    "sel": ("mask", "sel", "keep", "is_target", "idx", "b", "own", "good"),
    "grp": ("g", "grouped", "grp", "groups", "gr", "part", "sub"),
}
COMMENTS = (
    "# count the outputs", "# now the types", "# first get the synapses", "# plot it", "# done",
    "# I use the function from the hint", "# check", "# this is slow but works", "# unique targets",
    "# table by type", "# density without the diagonal", "# see the chapter on the matrix",
)  # fmt: skip
QUESTIONS = ("alike.count", "alike.targets", "alike.table", "alike.matrix", "alike.figure")
_FILE = tomllib.loads(Path(__file__).with_name("honest_ways.toml").read_text(encoding="utf-8"))
_STYLES = ("pandas", "numpy", "loops", "helpers", "seaborn")
_CHOICE = re.compile(r"«([^«»]*)»")
#: How many students take detours in a question.
_DETOURS = 0.25


@dataclass(frozen=True)
class Student:
    """A made-up student: a style, and what variables are called."""

    style: str
    names: dict[str, str]

    @classmethod
    def of(cls, rng: random.Random) -> Student:
        """Make a student."""
        return cls(rng.choice(_STYLES), {word: rng.choice(all_) for word, all_ in NAMES.items()})


def answers(rng: random.Random, detours: str = "") -> dict[str, str]:
    """Return the code of an honest student, by question; one question can have many detours."""
    student = Student.of(rng)
    own = {}
    for question in QUESTIONS:
        ways = [way for way in _FILE["ways"] if way["question"] == question]
        weights = [3 if way["style"] == student.style else 1 for way in ways]
        code = rng.choices(ways, weights)[0]["code"]
        number = rng.randint(2, 4) if rng.random() < _DETOURS else 0
        if question == detours:
            number = rng.randint(6, 8)
        code = "\n".join([*_detours(number, rng), code])
        own[question] = _with_habits(_filled(code, student, rng), rng)
    own["alike.why"] = _written(rng)
    return own


def _detours(number: int, rng: random.Random) -> list[str]:
    steps = [step["code"] for step in rng.sample(_FILE["detours"], number)]
    return ["$out = con.outputs(cell)", *steps] if steps else []


def _written(rng: random.Random) -> str:
    chosen = rng.sample(_FILE["sentences"], rng.choice((2, 3, 3, 4)))
    text = " ".join(_chosen(sentence["words"], rng) for sentence in chosen)
    return f"why = {text!r}" if rng.random() < 0.5 else f'why = """{text}"""'


def _filled(code: str, student: Student, rng: random.Random) -> str:
    code = _chosen(code, rng)
    return re.sub(r"\$([a-z]+)", lambda match: student.names[match[1]], code)


def _chosen(text: str, rng: random.Random) -> str:
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("¦")) + text[match.end() :]
    return text


def _with_habits(code: str, rng: random.Random) -> str:
    """Add what students add: comments, and a look at the result."""
    if rng.random() < 0.4:
        code = f"{rng.choice(COMMENTS)}\n{code}"
    if rng.random() < 0.3:
        name = code.rpartition("\n")[2].partition(" =")[0].strip()
        if name.isidentifier():
            code += rng.choice((f"\n{name}", f"\nprint({name})", f'\nprint("{name}:", {name})'))
    return code

"""The form of ``analysis.json``: numbers of questions, and pairs of students whose work is alike.

Text in excerpts was written by students: whoever displays it must escape it.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from microns_widgets._files import write_text
from microns_widgets.grading.notebook_json import as_json

#: The file in the results folder.
FILE = "analysis.json"
#: Raised when the form changes, so that an older file is not misread.
FORMAT = 1
#: Below this probability a difference between versions or variants is not taken for chance.
RARE = 0.01
#: What a page says about a pair; never more.
ADVICE = "These passages are similar. Read them, then ask both students."


@dataclass(frozen=True)
class WrongWay:
    """A wrong answer that several students gave.

    Attributes
    ----------
    text : str
        The author's message for it, or else the answer's value.
    count : int
        Number of students.
    answer : str
        The variable, if it is a value; empty for a message about the whole question.
    known : bool
        Whether it is the author's message for a known wrong answer.
    """

    text: str
    count: int
    answer: str = ""
    known: bool = False


@dataclass(frozen=True)
class AnswerNumbers:
    """The results of one answer.

    Attributes
    ----------
    name, about : str
        The variable, and its description.
    n : int
        Number of students whose points for it are decided.
    right, partly : int
        How many got all points, and how many a part.
    not_started : int
        How many did not answer: ``missing`` or ``not started``.
    open : int
        On how many a person still has to decide.
    mean : float, optional
        Mean points of the `n` students.
    most : float
        Points that can be reached.
    """

    name: str
    about: str
    n: int
    right: int
    partly: int
    not_started: int
    open: int
    mean: float | None
    most: float


@dataclass(frozen=True)
class Group:
    """The students who had the same version of a question, or the same variant of the cells.

    Attributes
    ----------
    name : str
        Name of the version, or number of the variant.
    n, right : int
        Number of students whose points are decided, and how many got all of them.
    mean : float, optional
        Mean share of the points, from 0 to 1.
    """

    name: str
    n: int
    right: int
    mean: float | None


@dataclass(frozen=True)
class Comparison:
    """Whether one version (or one variant) was harder than the others.

    Attributes
    ----------
    by : str
        ``"version"`` or ``"variant"``.
    groups : tuple of Group
        In their order.
    p : float, optional
        Probability of differences at least this large if all were equally hard; None if there are
        too few students.
    words : str
        The result in one sentence, for the teacher.
    """

    by: Literal["version", "variant"]
    groups: tuple[Group, ...]
    p: float | None
    words: str

    @property
    def shown(self) -> bool:
        """Whether a teacher should see it: versions always, variants only if they differ."""
        return self.by == "version" or (self.p is not None and self.p < RARE)


@dataclass(frozen=True)
class QuestionNumbers:
    """The results of one question.

    Attributes
    ----------
    id, number, title : str
        As in `Question`.
    n : int
        Number of students whose points for the whole question are decided.
    right : int
        How many of them got all points.
    mean : float, optional
        Mean points of the `n` students.
    most : float
        Points that can be reached.
    not_started, open : int
        How many answered nothing, and on how many a person still has to decide.
    discrimination : float, optional
        Correlation of the question's points with the points of the other questions (corrected
        item-total correlation), from -1 to 1; None if it cannot be computed.
    discrimination_n : int
        Number of students in it.
    words : str
        What the discrimination means, in one sentence; says so if the number is small.
    wrong : tuple of WrongWay
        The most frequent wrong answers.
    answers : tuple of AnswerNumbers
        By answer.
    comparisons : tuple of Comparison
        By version and by variant, where there are any.
    """

    id: str
    number: str
    title: str
    n: int
    right: int
    mean: float | None
    most: float
    not_started: int
    open: int
    discrimination: float | None
    discrimination_n: int
    words: str
    wrong: tuple[WrongWay, ...]
    answers: tuple[AnswerNumbers, ...]
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Times:
    """When the work was handed in.

    Attributes
    ----------
    known : int
        Number of students whose time is known.
    earliest, latest : float
        Seconds since 1970.
    last_hour : int
        How many handed in within the last hour before the end.
    end : float
        The end: when the work was due, or else `latest`.
    due : bool
        Whether `end` is when the work was due.
    after : int
        How many handed in after the end.
    bins : tuple of int
        Numbers of students in equal steps from `earliest` to `latest`.
    source : str
        Where the times come from, in words.
    """

    known: int
    earliest: float
    latest: float
    last_hour: int
    end: float
    due: bool
    after: int
    bins: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class Excerpt:
    """Part of a student's notebook.

    Attributes
    ----------
    cells : tuple of int
        Indices of its code cells among all cells of the notebook, from 0.
    text : str
        Lines of these cells, as the student wrote them; untrusted.
    alike : tuple of int
        Which lines of `text` are alike in both notebooks, from 0.
    """

    cells: tuple[int, ...]
    text: str
    alike: tuple[int, ...]


@dataclass(frozen=True)
class Passage:
    """Passages of two students that are alike, for side by side.

    Attributes
    ----------
    question : str
        Id of the question; empty if it belongs to none.
    number : str
        Its number, such as ``1.3``.
    kind : str
        ``"code"`` or ``"words"``.
    share : float
        Part of the shorter passage that is alike, from 0 to 1.
    first, second : Excerpt
        The passages.
    """

    question: str
    number: str
    kind: Literal["code", "words"]
    share: float
    first: Excerpt
    second: Excerpt


@dataclass(frozen=True)
class Pair:
    """Two students whose work is alike. It is a reason to look, never a verdict.

    Attributes
    ----------
    first, second : str
        Their ids, as in `Entry.who`.
    first_name, second_name : str
        Names for display.
    score : float
        How surprising it is, in bits: larger for more passages that few others wrote. Pairs are
        sorted by it.
    share : float
        Part of the shorter work's own code and words that is alike, from 0 to 1.
    reasons : tuple of str
        What is alike, in sentences.
    passages : tuple of Passage
        The passages, in the order of the questions.
    """

    first: str
    second: str
    first_name: str
    second_name: str
    score: float
    share: float
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class ForeignAnswers:
    """Answers that are wrong for a student's own cells and right for those of other students.

    Attributes
    ----------
    student, name : str
        Whose answers.
    answers : tuple of str
        The variables.
    others : tuple of str
        The students for whose cells they are right.
    other_names : tuple of str
        Their names for display.
    words : str
        The same in one sentence.
    """

    student: str
    name: str
    answers: tuple[str, ...]
    others: tuple[str, ...]
    other_names: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class ExerciseAnalysis:
    """What is known about one exercise.

    Attributes
    ----------
    exercise, title : str
        Its name and title.
    students : int
        Number of notebooks that were run.
    questions : tuple of QuestionNumbers
        In their order.
    times : Times, optional
        When the work was handed in; None if unknown.
    compared : int
        Number of notebooks that were compared with each other.
    pairs : tuple of Pair
        Pairs whose work is alike, the most surprising first.
    foreign : tuple of ForeignAnswers
        Students whose wrong answers are right for somebody else's cells.
    notes : tuple of str
        What was not compared, and why.
    """

    exercise: str
    title: str
    students: int
    questions: tuple[QuestionNumbers, ...]
    times: Times | None = None
    compared: int = 0
    pairs: tuple[Pair, ...] = ()
    foreign: tuple[ForeignAnswers, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """The content of ``analysis.json``."""

    exercises: tuple[ExerciseAnalysis, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Analysis:
        """Read plain JSON."""
        return cls(tuple(_read(ExerciseAnalysis, one) for one in plain["exercises"]))


def write_analysis(out: Path, analysis: Analysis) -> None:
    """Write ``analysis.json`` into a results folder, readable only by its owner."""
    write_text(out / FILE, as_json(analysis.to_json()), mode=0o600)


def read_analysis(out: Path) -> Analysis | None:
    """Return the analysis in a results folder; None if it is missing, damaged or older."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        plain = json.loads((out / FILE).read_text(encoding="utf-8"))
        if plain["format"] == FORMAT:
            return Analysis.from_json(plain)
    return None


def _read(hint: Any, value: Any) -> Any:
    """Return a value of JSON as its declared type: dataclasses, tuples and what JSON itself has."""
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return hint(**{name: _read(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    if typing.get_origin(hint) is tuple:
        return tuple(_read(typing.get_args(hint)[0], one) for one in value)
    if typing.get_origin(hint) is types.UnionType:
        return None if value is None else _read(typing.get_args(hint)[0], value)
    return value

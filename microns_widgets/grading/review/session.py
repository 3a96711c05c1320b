"""What a review shows, as plain JSON: questions, works, marks, and what belongs to each."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.kinds.written import Options as Written
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.report.kept import FOLDER, read_kept, state_of
from microns_widgets.grading.report.material import Material
from microns_widgets.grading.report.record import FILE as RECORD
from microns_widgets.grading.report.words import answer_comment, question_verdict, verdict
from microns_widgets.grading.review.anonymous import Anonymous, shuffled
from microns_widgets.grading.review.requests import (
    Request,
    read_requests,
    store_requests,
    stored_requests,
)
from microns_widgets.grading.review.rubric import LONGEST, Rubric
from microns_widgets.grading.review.shown import picture, value_of, visible
from microns_widgets.grading.review.store import Column, Known, Place, Store

_SECRET = "secret"
#: Pictures of keys that are kept, of about 20 kB each.
_PICTURES = 300


class Session:
    """A results folder under review.

    Parameters
    ----------
    out : path
        The results folder.
    anonymous : bool
        Whether names and ids never leave this process.

    Raises
    ------
    SubmissionError
        If the folder has no results, or another version of the package wrote them.
    """

    def __init__(self, out: Path, *, anonymous: bool = False) -> None:
        self.out = out
        self.anonymous = anonymous
        self._state = state_of(out)
        self.kept = read_kept(out)
        self.secret = _secret(out)
        self._material = Material(out)
        handed_in = [one for one in self.kept.graded if one.handed_in and one.exercise]
        self._hide = Anonymous(self.kept.graded) if anonymous else None
        order = shuffled(handed_in, self.token("order")) if anonymous else handed_in
        #: By the opaque name that the page knows.
        self.works = {f"w{self.token(one.entry.task)[:16]}": one for one in order}
        self._numbers = {id: number for number, id in enumerate(self.works, start=1)}
        self._ids = {one.entry.task: id for id, one in self.works.items()}
        self._places = {
            (normal(one.entry.who), one.entry.exercise): id for id, one in self.works.items()
        }
        known = dict(_known(order))
        #: Every (exercise, answer) that can have a rubric.
        self.columns = {(exercise, answer) for _, exercise, answer in known}
        self.store = Store(out, known, dict(_given(self.kept.exercises.values())))
        self._key_picture = lru_cache(maxsize=_PICTURES)(self._drawn_key)
        # The places of changes in a list are those of this process.
        self._boot = secrets.token_hex(8)

    @property
    def outdated(self) -> bool:
        """Whether the folder was graded again since, and all of it is written."""
        state = state_of(self.out)
        if state in (self._state, (0, 0)):
            return False
        with suppress(OSError):
            return (self.out / RECORD).stat().st_mtime_ns >= state[0]
        return False

    def token(self, what: str) -> str:
        """Return an opaque name for something, the same each time in this folder."""
        return hmac.new(self.secret.encode(), what.encode(), hashlib.sha256).hexdigest()

    def task(self, id: str) -> str:
        """Return the task of a work; a `KeyError` if there is none."""
        return self.works[id].entry.task

    def work_of(self, student: str, exercise: str) -> str | None:
        """Return the page's name for a student's work; None if it is not under review."""
        return self._places.get((normal(student), exercise))

    def text(self, text: str, *ids: str) -> str:
        """Return a text as the page may show it, about some works or about the class."""
        if self._hide:
            for id in ids:
                text = self._hide.hidden(text, self.works[id])
            text = self._hide.hidden_ids(text)
        return visible(text)

    # -- for the page ----------------------------------------------------------------------------

    def data(self) -> dict[str, Any]:
        """Return all that the page lists."""
        self.store.refresh()
        names = {one.entry.exercise for one in self.works.values()}
        exercises = sorted(
            (one for one in self.kept.exercises.values() if one.name in names),
            key=lambda one: one.number,
        )
        return {
            "longest": LONGEST,
            "folder": self.out.resolve().name,
            "anonymous": self.anonymous,
            "questions": [one for exercise in exercises for one in self._questions(exercise)],
            "works": {id: self._work(id, one) for id, one in self.works.items()},
            "rubrics": {
                f"{exercise}/{answer}": one.to_json()
                for (exercise, answer), one in self.store.rubrics.items()
            },
            "marks": [
                self.mark(id, answer)
                for id, one in self.works.items()
                for answer in ("", *(a.name for mark in one.marks for a in mark.answers))
                if not self.store.state(place := self.place(id, answer)).empty
                or self.store.mark(place)
            ],
            "looked": [
                [self._ids[task], question]
                for task, question in sorted(self.store.looked)
                if task in self._ids
            ],
            "requests": self.requests(),
            "n": len(self.store.changes),
            "boot": self._boot,
        }

    def _questions(self, exercise: Exercise) -> Iterable[dict[str, Any]]:
        for question in exercise.questions:
            yield {
                "id": question.id,
                "exercise": exercise.name,
                "number": question.number,
                "title": question.title,
                "answers": [
                    {
                        "name": answer.name,
                        "about": answer.about,
                        "kind": answer.kind,
                        "judged": answer.judged,
                        "most": answer.points,
                        "guide": answer.read(Written).guide if answer.kind == "written" else "",
                    }
                    for answer in question.answers
                ],
            }
        most = round(sum(question.points for question in exercise.questions), 4)
        about = "points for the whole exercise, instead of those of its questions"
        whole = {"name": "", "about": about, "kind": "", "most": most, "guide": ""}
        whole["judged"] = "person"
        yield {
            "id": exercise.name,
            "exercise": exercise.name,
            "number": str(exercise.number),
            "title": f"{exercise.title}: as a whole",
            "answers": [whole],
        }

    def _work(self, id: str, work: Graded) -> dict[str, Any]:
        def shown(text: str) -> str:
            return self._shown(text, work)

        name = f"Student {self._numbers[id]}" if self.anonymous else work.entry.name
        return {
            "id": id,
            "name": name if self.anonymous else visible(name),
            "who": "" if self.anonymous else visible(work.entry.who),
            "exercise": work.entry.exercise,
            "file": "" if self.anonymous else visible(work.entry.submission.file),
            "notes": [shown(one) for one in work.notes],
            "flags": [shown(one) for one in work.flags],
            "points": work.points,
            "open": bool(work.open) or not work.marks,
            "judged": bool(work.marks),
            "questions": {mark.id: self._marked(mark, work) for mark in work.marks},
        }

    def _marked(self, mark: QuestionMark, work: Graded) -> dict[str, Any]:
        word = question_verdict(mark)
        return {
            "version": visible(mark.version),
            "verdict": [word.word, word.kind],
            "comments": [self._shown(one, work) for one in mark.comments],
            "remarks": [self._shown(one, work) for one in work.remarks.get(mark.id, ())],
            "answers": {
                one.name: {
                    "points": one.points,
                    "state": one.state,
                    "verdict": list(vars(verdict(one.points, one.most, one.state)).values()),
                    "comment": self._shown(answer_comment(one), work),
                    "text": self._shown(one.text, work),
                }
                for one in mark.answers
            },
        }

    def _shown(self, text: str, work: Graded, sources: Iterable[str] = ()) -> str:
        return visible(self._hide.hidden(text, work, sources) if self._hide else text)

    def place(self, id: str, answer: str) -> Place:
        """Return the place of an answer; a `KeyError` if there is no such work or answer."""
        work = self.works[id]
        if answer and not any(a.name == answer for mark in work.marks for a in mark.answers):
            raise KeyError(answer)
        return work.entry.who, work.entry.exercise, answer

    def mark(self, id: str, answer: str) -> dict[str, Any]:
        """Return what people decided on one answer."""
        place = self.place(id, answer)
        state = self.store.state(place)
        mark = self.store.mark(place)
        return {
            "work": id,
            "answer": answer,
            **state.to_json(),
            "by": state.by,
            "when": state.when,
            "mark": list(mark) if mark else None,
        }

    def changes(self, since: int) -> dict[str, Any]:
        """Return what was changed after the first `since` changes, by whoever."""
        self.store.refresh()
        changes = self.store.changes
        news = changes[max(since, 0) :]
        places = dict.fromkeys(place for one in news for place in one.places)
        columns = dict.fromkeys(column for one in news for column in one.columns)
        marks = []
        for who, exercise, answer in places:
            id = self._places.get((who, exercise))
            if id is not None:
                try:
                    marks.append(self.mark(id, answer))
                except KeyError:
                    # The answer was in an earlier version of the exercise.
                    continue
        return {
            "n": len(changes),
            "boot": self._boot,
            "marks": marks,
            "rubrics": {
                f"{exercise}/{answer}": self.store.rubric(("", exercise, answer)).to_json()
                for exercise, answer in columns
            },
            "looked": [
                [self._ids[task], question]
                for one in news
                for task, question in one.looked
                if task in self._ids
            ],
            "answered": {
                request: request in self.store.answered for one in news for request in one.requests
            },
        }

    # -- one answer ------------------------------------------------------------------------------

    def detail(self, id: str, question_id: str) -> dict[str, Any]:
        """Return a student's cells and values of a question beside those of the key."""
        work = self.works[id]
        question, mark = self._asked(work, question_id)
        task = work.entry.task
        cells = self._material.cells(task, question.id)
        sources = [cell.source for cell in cells]
        payloads = self._material.payloads(task, question.id)
        key = self._key(work, question)
        return {
            "cells": [
                {
                    "number": cell.number,
                    "source": self._shown(cell.source, work, sources),
                    "output": self._shown(cell.output, work, sources),
                }
                for cell in cells
            ],
            "solution": self._material.solutions(question.id, mark.version),
            "answers": {
                answer.name: {
                    "value": self._shown(value_of(payloads.get(answer.name), answer), work)
                    if answer.name in payloads
                    else "",
                    "key": visible(value_of(key.get(answer.name), answer)).strip("\n"),
                    "picture": answer.kind == "figure" and answer.name in payloads,
                }
                for answer in question.answers
            },
        }

    def figure(self, id: str, question_id: str, name: str, *, key: bool) -> bytes | None:
        """Return a picture of a student's figure, or of the key's."""
        work = self.works[id]
        question, _ = self._asked(work, question_id)
        if question.answer(name).kind != "figure":
            return None
        if key:
            # Students with the same cells have the same key.
            if work.key is None:
                return None
            return self._key_picture(work.entry.exercise, work.key.variant, question_id, name)
        return picture(self._material.payloads(work.entry.task, question.id).get(name))

    def _drawn_key(self, exercise: str, variant: int, question: str, name: str) -> bytes | None:
        return picture(self._material.key(exercise, variant, question).get(name))

    def _key(self, work: Graded, question: Question) -> dict[str, Any]:
        if work.key is None:
            return {}
        return self._material.key(work.key.exercise, work.key.variant, question.id)

    def _asked(self, work: Graded, question_id: str) -> tuple[Question, QuestionMark]:
        assert work.exercise is not None
        question = next((q for q in work.exercise.questions if q.id == question_id), None)
        mark = next((one for one in work.marks if one.id == question_id), None)
        if question is None or mark is None:
            raise KeyError(question_id)
        return question, mark

    # -- requests --------------------------------------------------------------------------------

    def add_requests(self, content: bytes) -> list[dict[str, Any]]:
        """Add the requests of a list, and return all."""
        store_requests(self.out, read_requests(content, self.works.values()))
        return self.requests()

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests, as the page shows them."""
        return [self._request(one) for one in stored_requests(self.out)]

    def _request(self, request: Request) -> dict[str, Any]:
        work = self.works.get(self._ids.get(request.task, ""))
        text = request.text
        if self._hide:
            text = self._hide.hidden(text, work) if work else "Not shown in an anonymous review."
        return {
            "id": request.id,
            "work": self._ids.get(request.task, ""),
            "question": request.place or (work.entry.exercise if work else ""),
            "student": "" if self.anonymous else visible(request.student),
            "about": visible(f"{request.exercise} {request.question}".strip()),
            "text": visible(text),
            "problem": request.problem,
            "answered": request.id in self.store.answered,
        }


def _known(graded: Iterable[Graded]) -> Iterable[tuple[Place, Known]]:
    for one in graded:
        who, exercise = one.entry.who, one.entry.exercise
        computed = one.points if one.marks and not one.open else None
        yield (who, exercise, ""), Known(one.most, computed)
        for mark in one.marks:
            for answer in mark.answers:
                yield (who, exercise, answer.name), Known(answer.most, answer.points)


def _given(exercises: Iterable[Exercise]) -> Iterable[tuple[Column, Rubric]]:
    """Yield the rubrics of the masters."""
    for exercise in exercises:
        for question in exercise.questions:
            for answer in question.answers:
                if answer.rubric:
                    yield (exercise.name, answer.name), Rubric.of(answer.rubric)


def _secret(out: Path) -> str:
    """Return the folder's secret: the page's address and its names for students follow from it."""
    path = out / FOLDER / _SECRET
    try:
        text = path.read_text(encoding="utf-8").strip()
        if len(text) >= 32:
            return text
    except (OSError, UnicodeError):
        pass
    write_text(path, f"{secrets.token_hex(32)}\n", mode=0o600)
    return path.read_text(encoding="utf-8").strip()

"""Marks by hand and rubrics in a results folder, changed by several people at the same time.

The marks are in ``marks-by-hand.csv``, where `microns grade` finds them, and the rubrics in
``rubric.json``. The journal has what these two cannot say: which items of a rubric a mark is made
of, who gave it, and what it was before. Whoever changes a mark elsewhere is right: where the CSV
file and the journal differ, the file counts.

A change is on the disk, in both, before it is answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from microns_widgets._files import whole_file
from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.report.by_hand import (
    STORED,
    HandMark,
    store_marks,
    stored_marks,
)
from microns_widgets.grading.report.folder_lock import locked
from microns_widgets.grading.review.journal import FILE as JOURNAL
from microns_widgets.grading.review.journal import Event, Journal, flush_folder
from microns_widgets.grading.review.rubric import (
    HandState,
    Rubric,
    points_and_comment,
    renumbered,
)

#: The file in the results folder.
RUBRICS = "rubric.json"
#: (student, exercise, answer); an empty answer stands for the whole exercise.
Place = tuple[str, str, str]
#: (exercise, answer)
Column = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """What an answer is worth, and what grading gave it.

    Attributes
    ----------
    most : float
        Its points.
    computed : float, optional
        Those that grading gave; None if they are open.
    """

    most: float
    computed: float | None


@dataclass(frozen=True)
class Changed:
    """What somebody changed, for those who have to show it.

    Attributes
    ----------
    kind : str
        That of the event, or ``file`` if marks were changed outside the review.
    who : str
        The author.
    places : tuple of Place
        Marks, with students' ids as compared.
    columns : tuple of Column
        Rubrics.
    looked : tuple of (str, str)
        Works that somebody looked at, by task and question.
    requests : tuple of str
        Requests that were answered, or are no longer.
    """

    kind: str
    who: str
    places: tuple[Place, ...] = ()
    columns: tuple[Column, ...] = ()
    looked: tuple[tuple[str, str], ...] = ()
    requests: tuple[str, ...] = ()


class Store:
    """The marks and rubrics of a results folder.

    Parameters
    ----------
    out : path
        The results folder.
    known : mapping
        Every answer that can get points.
    given : mapping, optional
        The rubrics of the masters. Those in the folder's file replace them.
    """

    def __init__(
        self,
        out: Path,
        known: Mapping[Place, Known],
        given: Mapping[Column, Rubric] | None = None,
    ) -> None:
        self._out = out
        self._known = known
        self._given = dict(given or {})
        self._journal = Journal(out / JOURNAL)
        self._thread = threading.RLock()
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._csv: dict[Place, HandMark] = {}
        self._last: dict[Place, Event] = {}
        self.rubrics: dict[Column, Rubric] = dict(self._given)
        self.looked: set[tuple[str, str]] = set()
        self.answered: set[str] = set()
        self._done: set[str] = set()
        self._undo: dict[str, list[Event]] = {}
        self._redo: dict[str, list[Event]] = {}
        self.changes: list[Changed] = []
        self.refresh()

    # -- reading ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what others changed."""
        with self._thread:
            if self._changed(STORED):
                before = self._csv
                self._csv = {_place(mark): mark for mark in stored_marks(self._out)}
                self.changes += [
                    Changed("file", self._csv[place].source if place in self._csv else "", (place,))
                    for place in sorted(before.keys() | self._csv.keys())
                    if not _alike(before.get(place), self._csv.get(place))
                ]
            if self._changed(RUBRICS):
                self._read_rubrics()
            for event in self._journal.news():
                self._replay(event)

    def _changed(self, name: str) -> bool:
        try:
            stat = (self._out / name).stat()
            now = stat.st_mtime_ns, stat.st_size, stat.st_ino
        except OSError:
            now = (0, 0, 0)
        before = self._seen.get(name)
        self._seen[name] = now
        return before != now

    def _read_rubrics(self) -> None:
        path = self._out / RUBRICS
        if not path.is_file():
            self.rubrics = dict(self._given)
            return
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            self.rubrics = self._given | {
                (exercise, answer): Rubric.from_json(one)
                for exercise, answers in plain.items()
                for answer, one in answers.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidArgument(
                f"{path} is damaged ({error}). Correct it, or move it to another folder to begin "
                "with empty rubrics."
            ) from None

    def _replay(self, event: Event) -> None:
        with suppress(KeyError, ValueError, TypeError, IndexError):
            self._done.add(str(event["id"]))
            kind, who = str(event["kind"]), str(event["who"])
            changed = Changed(kind, who)
            if kind == "looked":
                looked = tuple((str(task), str(question)) for task, question in event["at"])
                self.looked |= set(looked)
                self.changes.append(replace(changed, looked=looked))
                return
            places = tuple((normal(one[0]), one[1], one[2]) for one, *_ in event.get("marks", ()))
            self._last |= dict.fromkeys(places, event)
            requests = tuple(str(one) for one, *_ in event.get("requests", ()))
            for request, _, after in event.get("requests", ()):
                (self.answered.add if after else self.answered.discard)(request)
            columns = ((event["rubric"][0][0], event["rubric"][0][1]),) if "rubric" in event else ()
            self.changes.append(replace(changed, places=places, columns=columns, requests=requests))
            undo = self._undo.setdefault(who, [])
            redo = self._redo.setdefault(who, [])
            if kind == "undo":
                redo.append(undo.pop())
            elif kind == "redo":
                undo.append(redo.pop())
            else:
                undo.append(event)
                redo.clear()

    def state(self, place: Place) -> HandState:
        """Return what people decided on an answer."""
        student, exercise, answer = place
        place = normal(student), exercise, answer
        mark, event = self._csv.get(place), self._last.get(place)
        if event is not None:
            after, row = next(
                (after, row)
                for (one, *rest), _, after, row in event["marks"]
                if (normal(one), *rest) == place
            )
            if _same(mark, row):
                return HandState.from_json(after, str(event["who"]), str(event["when"]))
        if mark is None:
            return HandState()
        return HandState((), mark.points, mark.comment, mark.source)

    def rubric(self, place: Place) -> Rubric:
        """Return the rubric of an answer."""
        return self.rubrics.get((place[1], place[2]), Rubric())

    def mark(self, place: Place) -> tuple[float, str] | None:
        """Return the points and the comment that count for an answer, if a person gave any."""
        mark = self._csv.get((normal(place[0]), place[1], place[2]))
        return None if mark is None else (mark.points, mark.comment)

    # -- changing --------------------------------------------------------------------------------

    def change(self, id: str, who: str, place: Place, patch: Mapping[str, Any]) -> None:
        """Change one mark.

        Parameters
        ----------
        id : str
            Of the change: the same change, sent again, is made once.
        who : str
            The author.
        place : tuple of str
            Student, exercise and answer.
        patch : mapping
            As in `HandState.patched`.

        Raises
        ------
        KeyError, ValueError
            If there is no such answer, or the change is not valid.
        """
        with self._alone(id) as new:
            if not new:
                return
            before = self.state(place)
            after = before.patched(patch)
            if "item" in patch and patch["on"]:
                after = replace(after, items=renumbered(after.items, self.rubric(place)))
            if after != before:
                self._apply(id, who, "mark", {place: (before, after)})

    def change_rubric(self, id: str, who: str, column: Column, rubric: Rubric) -> None:
        """Replace the rubric of an answer; marks that its items give follow."""
        with self._alone(id) as new:
            before = self.rubrics.get(column, Rubric())
            if not new or before == rubric:
                return
            self._apply(id, who, "rubric", self._followers(column, rubric), (column, rubric))

    def answer_request(self, id: str, who: str, request: str, answered: bool) -> None:
        """Note that a request was answered, or that it was not."""
        with self._alone(id) as new:
            if new and (request in self.answered) != answered:
                self._apply(id, who, "request", {}, requests=[[request, not answered, answered]])

    def look(self, id: str, who: str, at: list[tuple[str, str]]) -> None:
        """Note which works somebody looked at, by task and question."""
        with self._alone(id) as new:
            fresh = [one for one in at if one not in self.looked]
            if new and fresh:
                self._journal.add(_event(id, who, "looked", at=fresh))

    def undo(self, id: str, who: str, *, again: bool = False) -> str:
        """Take back the last change of an author, or make it `again`; return what was done.

        Where somebody else has changed a mark since, it stays.
        """
        with self._alone(id) as new:
            stack = (self._redo if again else self._undo).get(who, [])
            if not new or not stack:
                return f"There is nothing to {'redo' if again else 'undo'}."
            event = stack[-1]
            marks: dict[Place, tuple[HandState, HandState]] = {}
            kept = 0
            for place, before, after, _ in event.get("marks", ()):
                was, now = HandState.from_json(before), HandState.from_json(after)
                was, now = (was, now) if again else (now, was)
                key = (str(place[0]), str(place[1]), str(place[2]))
                if self.state(key) == was:
                    marks[key] = (was, now)
                else:
                    kept += 1
            rubric = None
            if "rubric" in event:
                column, before, after = event["rubric"]
                wanted = Rubric.from_json(after if again else before)
                rubric = (str(column[0]), str(column[1])), wanted
            requests = [
                [one, after, before] if not again else [one, before, after]
                for one, before, after in event.get("requests", ())
            ]
            if rubric is not None:
                marks = {**self._followers(*rubric), **marks}
            self._apply(id, who, "redo" if again else "undo", marks, rubric, requests)
            what = "Redone." if again else "Undone."
            if kept:
                what = f"{what} {kept} marks stay, since somebody else has changed them."
            return what

    def _followers(
        self, column: Column, rubric: Rubric
    ) -> dict[Place, tuple[HandState, HandState]]:
        """Return the marks that a rubric's items give, with the items that are left."""
        found = {}
        for place in self._known:
            if place[1:] == column:
                before = self.state(place)
                if before.items:
                    after = replace(before, items=renumbered(before.items, rubric))
                    found[place] = (before, after)
        return found

    def _apply(
        self,
        id: str,
        who: str,
        kind: str,
        marks: Mapping[Place, tuple[HandState, HandState]],
        rubric: tuple[Column, Rubric] | None = None,
        requests: list[list[Any]] | None = None,
    ) -> None:
        """Write marks and rubric, and then the event. Only `_alone` may be around it."""
        event = _event(id, who, kind)
        if requests:
            event["requests"] = requests
        if rubric is not None:
            column, new = rubric
            old = self.rubrics.get(column, Rubric())
            event["rubric"] = [list(column), old.to_json(), new.to_json()]
            self.rubrics = {**self.rubrics, column: new}
            self._write_rubrics()
        event["marks"] = []
        csv = dict(self._csv)
        for place, (before, after) in marks.items():
            known = self._known[place]
            row = points_and_comment(after, self.rubric(place), known.most, known.computed)
            where = (normal(place[0]), place[1], place[2])
            if row is None:
                csv.pop(where, None)
            else:
                csv[where] = HandMark(*place, *row, source=f"{who} (review)")
            event["marks"].append([list(place), before.to_json(), after.to_json(), row])
        if csv != self._csv:
            store_marks(self._out, [csv[one] for one in sorted(csv)], sync=True)
        flush_folder(self._out)
        self._journal.add(event)

    def _write_rubrics(self) -> None:
        plain: dict[str, dict[str, Any]] = {}
        for (exercise, answer), one in sorted(self.rubrics.items()):
            if one != self._given.get((exercise, answer), Rubric()):
                plain.setdefault(exercise, {})[answer] = one.to_json()
        with whole_file(self._out / RUBRICS, sync=True) as temporary:
            temporary.write_text(as_json(plain), encoding="utf-8")

    @contextmanager
    def _alone(self, id: str) -> Iterator[bool]:
        """Keep others waiting, and say whether the change is new, after reading theirs."""
        with locked(self._out), self._thread:
            self.refresh()
            yield id not in self._done
            self.refresh()


def _event(id: str, who: str, kind: str, **more: Any) -> Event:
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"id": id, "when": when, "who": who, "kind": kind, **more}


def _place(mark: HandMark) -> Place:
    return normal(mark.student), mark.exercise, mark.answer


def _alike(one: HandMark | None, other: HandMark | None) -> bool:
    return (one and (one.points, one.comment)) == (other and (other.points, other.comment))


def _same(mark: HandMark | None, row: list[Any] | None) -> bool:
    """Return whether the CSV file still has what an event wrote there."""
    if mark is None or row is None:
        return mark is None and row is None
    return abs(mark.points - float(row[0])) < 1e-9 and mark.comment == row[1]

"""Applies a late rule to graded work. Work of which the time is not known loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.late import LateRule, written
from microns_widgets.grading.report.words import number

UNKNOWN = "When it was handed in is not known, so nothing was taken off for being late."
MARKED = (
    "The learning system marks it as late. When it was handed in is not known, so nothing was "
    "taken off."
)


@dataclass(frozen=True)
class Judged:
    """Graded work to which a late rule was applied.

    Attributes
    ----------
    graded : list of Graded
        In the order in which they were given.
    problems : list of str
        Extensions that could not be read.
    notices : list of str
        What the rule was, and what it could not be applied to.
    """

    graded: list[Graded]
    problems: list[str]
    notices: list[str]


def with_late_rule(
    graded: Sequence[Graded],
    rule: LateRule,
    times: Mapping[tuple[str, str], datetime],
    extensions: Mapping[str, str],
) -> Judged:
    """Take off what a late rule says.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    rule : LateRule
        The rule.
    times : mapping
        When work was handed in, by student and exercise. A time without a time zone is in that in
        which the exercise is due.
    extensions : mapping
        Extensions by student, as the roster writes them.
    """
    result, problems, unknown = [], {}, 0
    known = any(_place(one) in times for one in graded)
    for one in graded:
        who = one.entry.who
        try:
            due = rule.due_of(one.entry.exercise, extensions.get(who, ""))
        except InvalidArgument as error:
            problems[who] = f"The extension of {one.entry.name} was not applied: {error}"
            due = None
            one = replace(one, flags=(*one.flags, problems[who]))
        time = times.get(_place(one))
        if due is None or not one.marks:
            result.append(one)
        elif time is None:
            unknown += 1
            flag = MARKED if one.entry.submission.late else UNKNOWN
            # If nothing is known of anybody, one notice says so.
            flags = (flag,) if known or one.entry.submission.late else ()
            result.append(replace(one, flags=(*one.flags, *flags)))
        else:
            late = rule.late_by(time if time.tzinfo else time.replace(tzinfo=due.tzinfo), due)
            if late is not None:
                one = replace(one, late_share=late.share, late_note=late.words)
            result.append(one)
    return Judged(result, list(problems.values()), [*_said(rule), *_unknown(unknown)])


def _place(graded: Graded) -> tuple[str, str]:
    return graded.entry.who, graded.entry.exercise


def _said(rule: LateRule) -> list[str]:
    words = [
        f"{name or 'work'} is due {written(due)}" for name, due in sorted(rule.due.items()) if due
    ]
    grace = f", with {rule.grace} of grace" if rule.grace else ""
    cap = f", at most {number(rule.cap * 100)} %" if rule.cap < 1 else ""
    return [
        f"Late rule: {', '.join(words)}{grace}. Each day that has begun costs "
        f"{number(rule.per_day * 100)} % of the points{cap}."
    ]


def _unknown(count: int) -> list[str]:
    if not count:
        return []
    return [
        f"When it was handed in is not known for {count} "
        f"{'notebook' if count == 1 else 'notebooks'}, so nothing was taken off for being late. "
        "Times are read from exports of Brightspace, Blackboard and Gradescope, from Moodle's "
        "grading worksheet, and from a column 'handed in' of the roster."
    ]

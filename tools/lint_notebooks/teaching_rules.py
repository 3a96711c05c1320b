"""Rules about teaching: objectives, minutes, checks, and the end of a notebook."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from tools.lint_notebooks.conventions import (
    BULLETS_IN_SHORT,
    MINUTES_PER_CHECK,
    UNTESTABLE,
    UNTESTABLE_FIRST,
    repository_url,
)
from tools.lint_notebooks.notebook import Cell, Finding, Notebook, minutes_of

SUMMARY = "In short"
_TOTAL = re.compile(r"\*\*Time:\*\* (\d+) minutes")
_DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/\S+")


def objectives_can_be_tested(notebook: Notebook) -> Iterator[Finding]:
    opening = notebook.cells[0]
    objectives = _objectives(opening)
    if not objectives:
        todo = 'Write "**After this chapter you can**" and a list.'
        yield notebook.finding(opening, "There are no objectives.", todo)
    for item in objectives:
        for verb in _untestable(item):
            yield notebook.finding(
                opening,
                f"{verb!r} cannot be tested, in {item!r}.",
                "Say what students do: draw, measure, count, compare, distinguish, decide.",
            )
        if minutes_of(item) is None:
            yield notebook.finding(
                opening, f"The minutes are missing in {item!r}.", 'End it with "(N minutes)".'
            )


def minutes_add_up(notebook: Notebook) -> Iterator[Finding]:
    opening = notebook.cells[0]
    timed = [section.heading for section in notebook.sections if section.heading.text != SUMMARY]
    for heading in timed:
        if heading.minutes is None:
            yield notebook.finding(
                heading.cell,
                f"The minutes are missing in {heading.text!r}.",
                'End it with "(N minutes)".',
            )
    if not (total := _TOTAL.search(opening.source)):
        yield notebook.finding(
            opening, "The total time is missing.", 'Write "**Time:** N minutes."'
        )
        return
    in_sections = sum(heading.minutes or 0 for heading in timed)
    if in_sections != int(total[1]):
        wrong = f"The sections take {in_sections} minutes, but the title says {total[1]}."
        yield notebook.finding(opening, wrong, "Make them equal.")
    if sum(minutes_of(item) or 0 for item in _objectives(opening)) > int(total[1]):
        yield notebook.finding(
            opening, f"The objectives take more than {total[1]} minutes.", "Make them add up."
        )


def a_check_in_fifteen_minutes(notebook: Notebook) -> Iterator[Finding]:
    """Minutes are counted up to the end of a section; one with several checks may be longer."""
    unchecked = 0
    for section in notebook.sections:
        unchecked += section.heading.minutes or 0
        due = math.ceil(unchecked / MINUTES_PER_CHECK) if unchecked >= MINUTES_PER_CHECK else 0
        if section.checks < due:
            yield notebook.finding(
                section.heading.cell,
                f"The {unchecked} minutes up to the end of {section.heading.title!r} "
                f"have {section.checks} checks.",
                f"Add an mw.SelfCheck or a question: one per {MINUTES_PER_CHECK} minutes.",
            )
        if section.checks or due:
            unchecked = 0


def predict_then_explain(notebook: Notebook) -> Iterator[Finding]:
    """A prediction is useful only if it is explained later."""
    asked: Cell | None = None
    for cell in (cell for cell in notebook.cells if cell.type == "markdown"):
        for word in re.findall(r"\*\*(Predict|Explain)\.\*\*", cell.source):
            if word == "Predict" and asked:
                yield _unexplained(notebook, asked)
            asked = cell if word == "Predict" else None
    if asked:
        yield _unexplained(notebook, asked)


def ends_with_a_summary(notebook: Notebook) -> Iterator[Finding]:
    last = notebook.headings[-1] if notebook.headings else None
    if last is None or (last.level, last.text) != (2, SUMMARY):
        cell = last.cell if last else None
        yield notebook.finding(cell, "The last section is not a summary.", f'Add "## {SUMMARY}".')
        return
    text = last.cell.source.split(f"## {SUMMARY}", 1)[1].split("**References**")[0]
    if len(_bullets(text)) not in BULLETS_IN_SHORT:
        yield notebook.finding(
            last.cell, f"The summary has {len(_bullets(text))} points.", "Write 3 to 5 points."
        )


def asks_for_feedback(notebook: Notebook) -> Iterator[Finding]:
    link = f"]({repository_url()}/issues/new)"
    if not any(cell.type == "markdown" and link in cell.source for cell in _end(notebook)):
        yield notebook.finding(
            notebook.cells[-1],
            "The link for feedback is missing.",
            f"Write: Something unclear or wrong? [Tell us{link}.",
        )


def references_with_dois(notebook: Notebook) -> Iterator[Finding]:
    for cell in _end(notebook):
        if cell.type == "markdown" and "**References**" in cell.source:
            items = _bullets(cell.source.split("**References**")[1])
            for item in items:
                if not _DOI.search(item):
                    yield notebook.finding(
                        cell,
                        f"The DOI is missing in {item!r}.",
                        "Add a link to https://doi.org/10....",
                    )
            if items:
                return
            yield notebook.finding(cell, "The references are not a list.", 'Begin each with "- ".')
            return
    yield notebook.finding(
        notebook.cells[-1], "There are no references.", 'Write "**References**" and a list.'
    )


def _unexplained(notebook: Notebook, cell: Cell) -> Finding:
    return notebook.finding(
        cell, "This prediction is not followed by an explanation.", 'Add "**Explain.** ...".'
    )


def _objectives(opening: Cell) -> list[str]:
    _, _, after = opening.source.partition("you can**")
    return _bullets(after.partition("**Time:**")[0])


def _bullets(text: str) -> list[str]:
    """Return the items of a list, each on one line."""
    items = re.findall(r"^[-*] (.+(?:\n {2,}\S.*)*)", text, re.MULTILINE)
    return [" ".join(item.split()) for item in items]


def _untestable(item: str) -> list[str]:
    words = item.lower()
    anywhere = [verb for verb in UNTESTABLE if re.search(rf"\b{verb}\b", words)]
    first = [verb for verb in UNTESTABLE_FIRST if re.match(rf"{verb}\b", words)]
    return (anywhere + first)[:1]


def _end(notebook: Notebook) -> list[Cell]:
    """Return the cells from the last heading on."""
    start = notebook.headings[-1].cell.number if notebook.headings else 0
    return notebook.cells[start:]


RULES = (
    objectives_can_be_tested,
    minutes_add_up,
    a_check_in_fifteen_minutes,
    predict_then_explain,
    ends_with_a_summary,
    asks_for_feedback,
    references_with_dois,
)

"""The eight lessons in docs/teachers.md: 90 minutes each, and together the whole course."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "teachers.md"


def lessons() -> list[list[str]]:
    """Return the cells of the table, without its head."""
    section = PAGE.read_text(encoding="utf-8").split("## Eight lessons of 90 minutes")[1]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [row for row in rows if re.match(r"\d\. ", row[0])]


def minutes(text: str) -> int:
    return sum(map(int, re.findall(r"\((\d+)\)", text)))


def test_each_of_eight_lessons_has_90_minutes() -> None:
    for number, (name, together, left, _home) in enumerate(lessons(), start=1):
        assert name.startswith(f"{number}. ")
        assert minutes(together) + int(re.match(r"\d+", left)[0]) == 90, name  # type: ignore[index]
    assert number == 8


def test_the_parts_of_a_chapter_add_up_to_its_minutes() -> None:
    parts: Counter[str] = Counter()
    for _, together, *_ in lessons():
        for part in together.split("), ["):
            [chapter] = re.findall(r"course/(\w+)\.ipynb", part + ")")
            parts[chapter] += minutes(part + ")")
    for chapter, total in parts.items():
        notebook = nbformat.read(ROOT / "course" / f"{chapter}.ipynb", as_version=4)
        stated = re.search(r"\*\*Time:\*\* (\d+) minutes", notebook.cells[0].source)
        assert stated is not None
        assert int(stated[1]) == total, chapter
    everything = {path.stem for path in (ROOT / "course").glob("*.ipynb")}
    assert everything - set(parts) == {"querying"}  # to be read at home

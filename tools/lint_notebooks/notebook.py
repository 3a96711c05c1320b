"""A notebook for the rules: cells with their parsed text and code, headings, checks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDERS = {"course": "chapter", "solutions": "master", "exercises": "student"}
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_MINUTES = re.compile(r"\((\d+) minutes?\)")
#: A question that readers answer for themselves.
SELF_CHECK = "mw.SelfCheck"
# First lines of cells of a master that are hidden from students.
_FOR_GRADING = ("# KEY", "# WRONG", "# SAME")


@dataclass(frozen=True)
class Finding:
    """One problem, on one line: where it is, what is wrong, what to do."""

    path: Path
    cell: str
    wrong: str
    todo: str

    def __str__(self) -> str:
        return f"{self.path} [{self.cell}] {self.wrong} -> {self.todo}"


@dataclass(frozen=True)
class Cell:
    """A cell and its position."""

    raw: dict[str, Any]
    number: int

    @property
    def id(self) -> str:
        return str(self.raw.get("id", f"cell {self.number}"))

    @property
    def type(self) -> str:
        return str(self.raw["cell_type"])

    @cached_property
    def source(self) -> str:
        source = self.raw["source"]
        return source if isinstance(source, str) else "".join(source)

    @property
    def tags(self) -> list[str]:
        return list(self.raw["metadata"].get("tags", []))

    @property
    def alt(self) -> str | None:
        """The alternative text of the figure that the cell draws."""
        image = self.raw["metadata"].get("mystnb", {}).get("image", {})
        return image.get("alt")

    @property
    def for_grading(self) -> bool:
        return self.source.startswith(_FOR_GRADING)

    @property
    def is_question(self) -> bool:
        return self.type == "raw" and self.source.startswith("# QUESTION")

    @property
    def is_self_check(self) -> bool:
        return any(name == SELF_CHECK for name, _ in self.calls())

    @cached_property
    def tokens(self) -> list[Token]:
        return _MARKDOWN.parse(self.source) if self.type == "markdown" else []

    @cached_property
    def inlines(self) -> list[Token]:
        """The elements of paragraphs: links, images, words."""
        return [child for token in self.tokens for child in token.children or []]

    @cached_property
    def tree(self) -> ast.Module | None:
        """The parsed code without IPython's own commands; None if it does not parse."""
        if self.type != "code":
            return None
        plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", self.source, flags=re.MULTILINE)
        try:
            return ast.parse(plain)
        except SyntaxError:
            return None

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield each call in the code with the dotted name of the function."""
        for node in ast.walk(self.tree or ast.Module([], [])):
            if isinstance(node, ast.Call):
                yield dotted(node.func), node


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    cell: Cell

    @property
    def minutes(self) -> int | None:
        return minutes_of(self.text)

    @property
    def title(self) -> str:
        return _MINUTES.sub("", self.text).strip()


@dataclass
class Section:
    """A second-level heading and the number of checks in its section."""

    heading: Heading
    checks: int = 0


@dataclass(frozen=True)
class Notebook:
    path: Path
    raw: dict[str, Any]

    @cached_property
    def kind(self) -> str:
        """Whether this is a chapter, a master or a student notebook, according to its folder."""
        return FOLDERS.get(self.path.parent.name, "chapter")

    @cached_property
    def cells(self) -> list[Cell]:
        return [Cell(raw, number) for number, raw in enumerate(self.raw["cells"])]

    @cached_property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.type == "code"]

    @cached_property
    def headings(self) -> list[Heading]:
        return [
            Heading(int(mark.tag[1]), text.content, cell)
            for cell in self.cells
            for mark, text in zip(cell.tokens, cell.tokens[1:], strict=False)
            if mark.type == "heading_open"
        ]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections in order, each with its number of checks."""
        sections: list[Section] = []
        headings = iter(self.headings)
        for cell in self.cells:
            if sections:
                sections[-1].checks += self._checks_in_code(cell)
            for token in cell.tokens:
                if token.type == "heading_open":
                    heading = next(headings)
                    if heading.level == 2:
                        sections.append(Section(heading))
                elif sections and token.type == "html_block" and "Check yourself" in token.content:
                    sections[-1].checks += 1
        return sections

    def _checks_in_code(self, cell: Cell) -> int:
        # A master has a raw cell per question, from which `microns assign` makes the mw.check cell.
        if self.kind == "master":
            return int(cell.is_question)
        return sum(name in ("mw.check", SELF_CHECK) for name, _ in cell.calls())

    def at(self, number: int) -> Cell | None:
        return self.cells[number] if number < len(self.cells) else None

    def finding(self, cell: Cell | None, wrong: str, todo: str) -> Finding:
        return Finding(self.path, cell.id if cell else "notebook", wrong, todo)


def read(path: Path) -> Notebook:
    """Read a notebook.

    Raises
    ------
    SystemExit
        If the file does not exist or is not a notebook; the message names it.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["nbformat"] < 4:
            raise ValueError(f"nbformat {raw['nbformat']}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{path} is not a notebook of format 4: {error!r}.") from None
    return Notebook(path, raw)


def minutes_of(text: str) -> int | None:
    """Return the minutes that a line gives in parentheses."""
    minutes = _MINUTES.search(text)
    return int(minutes[1]) if minutes else None


def dotted(node: ast.expr) -> str:
    """Return a dotted name, with `?` for parts that are not names: `con.plot`, `?.plot`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"

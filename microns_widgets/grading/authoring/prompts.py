"""Solutions in a master's code cells, and the prompts that stand there for a student."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

_MARKS = re.compile(r"[ \t]*# (BEGIN|END) (SOLUTION|PROMPT)[ \t]*")


@dataclass(frozen=True)
class Block:
    """Lines that belong together: ``"text"``, ``"SOLUTION"`` or ``"PROMPT"``."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Solutions:
    """A code cell, cut at its marks.

    Attributes
    ----------
    blocks : tuple of Block
        In their order, marks left out.
    names : set of str
        Names that its solutions set.
    problems : tuple of str
        What is wrong with its marks.
    """

    blocks: tuple[Block, ...]
    names: frozenset[str]
    problems: tuple[str, ...]


def solutions(source: str) -> Solutions:
    """Cut a code cell at ``# BEGIN SOLUTION`` and the like."""
    blocks: list[Block] = []
    lines: list[str] = []
    problems: list[str] = []
    kind = "text"
    for line in source.split("\n"):
        mark = _MARKS.fullmatch(line)
        if mark is None:
            lines.append(line)
            continue
        begins, what = mark[1] == "BEGIN", mark[2]
        if (kind != "text") if begins else (kind != what):
            problems.append(f"`{line.strip()}` stands where it does not fit.")
        blocks.append(Block(kind, tuple(lines)))
        lines, kind = [], what if begins else "text"
    if kind != "text":
        problems.append(f"`# BEGIN {kind}` has no `# END {kind}`.")
    blocks.append(Block(kind, tuple(lines)))
    kept = tuple(block for block in blocks if block.lines or block.kind != "text")
    names = frozenset(n for block in kept if block.kind == "SOLUTION" for n in _set_by(block))
    return Solutions(kept, names, tuple(problems))


def _set_by(block: Block) -> list[str]:
    try:
        tree = ast.parse(textwrap.dedent("\n".join(block.lines)))
    except SyntaxError:
        # A line with IPython's own syntax; plain assignments are found all the same.
        return re.findall(r"^(\w+) *=[^=]", "\n".join(block.lines), re.MULTILINE)
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys(node.id for node in found))


def student_source(source: str, about: Mapping[str, str]) -> str:
    """Return a code cell as a student gets it.

    Parameters
    ----------
    source : str
        The master's cell.
    about : mapping
        What each answer is, by name.

    Returns
    -------
    str
        Solutions are replaced by a line for each answer that they set, and by the cell's own
        prompt where it has one.
    """
    cut = solutions(source)
    if all(block.kind == "text" for block in cut.blocks):
        return source
    prompted = any(block.kind == "PROMPT" for block in cut.blocks)
    lines: list[str] = []
    for block in cut.blocks:
        if block.kind == "text":
            lines += block.lines
        elif block.kind == "PROMPT":
            lines += [_uncommented(line) for line in block.lines]
        elif not prompted:
            lines += _prompt(block, about)
    return "\n".join(lines).strip("\n")


def _uncommented(line: str) -> str:
    return re.sub(r"^([ \t]*)# ?", r"\1", line, count=1)


def _prompt(block: Block, about: Mapping[str, str]) -> list[str]:
    first = next((line for line in block.lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    given = _set_by(block)
    answers = [name for name in about if name in given]  # as the question lists them
    if answers:
        return [f"{indent}{name} = ...  # {about[name]}" for name in answers]
    return [f"{indent}...  # your code"]

"""Solutions in a master's code cells, and the prompts that students get instead."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

_MARKERS = re.compile(r"[ \t]*# (BEGIN|END) (SOLUTION|PROMPT)[ \t]*")


@dataclass(frozen=True)
class Block:
    """Consecutive lines of one kind: ``"text"``, ``"SOLUTION"`` or ``"PROMPT"``."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Solutions:
    """A code cell, split at its markers.

    Attributes
    ----------
    blocks : tuple of Block
        In their order, without markers.
    names : set of str
        Names that its solutions assign to.
    problems : tuple of str
        What is wrong with its markers.
    """

    blocks: tuple[Block, ...]
    names: frozenset[str]
    problems: tuple[str, ...]


def solutions(source: str) -> Solutions:
    """Split a code cell at ``# BEGIN SOLUTION`` and the like."""
    blocks: list[Block] = []
    lines: list[str] = []
    problems: list[str] = []
    kind = "text"
    for line in source.split("\n"):
        marker = _MARKERS.fullmatch(line)
        if marker is None:
            lines.append(line)
            continue
        begins, what = marker[1] == "BEGIN", marker[2]
        if (kind != "text") if begins else (kind != what):
            problems.append(f"`{line.strip()}` is out of place.")
        blocks.append(Block(kind, tuple(lines)))
        lines, kind = [], what if begins else "text"
    if kind != "text":
        problems.append(f"`# BEGIN {kind}` has no `# END {kind}`.")
    blocks.append(Block(kind, tuple(lines)))
    filled = tuple(block for block in blocks if block.lines or block.kind != "text")
    names = frozenset(n for block in filled if block.kind == "SOLUTION" for n in _names(block))
    return Solutions(filled, names, tuple(problems))


def _names(block: Block) -> list[str]:
    try:
        tree = ast.parse(textwrap.dedent("\n".join(block.lines)))
    except SyntaxError:
        # A line with IPython syntax; plain assignments can still be found.
        return re.findall(r"^(\w+) *=[^=]", "\n".join(block.lines), re.MULTILINE)
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys(node.id for node in nodes))


def student_source(source: str, about: Mapping[str, str]) -> str:
    """Return a code cell as students get it.

    Parameters
    ----------
    source : str
        The master's cell.
    about : mapping
        Description of each answer, by name.

    Returns
    -------
    str
        Each solution is replaced by a line for each answer that it sets, or by the cell's own
        prompt if it has one.
    """
    blocks = solutions(source).blocks
    if all(block.kind == "text" for block in blocks):
        return source
    has_prompt = any(block.kind == "PROMPT" for block in blocks)
    lines: list[str] = []
    for block in blocks:
        if block.kind == "text":
            lines += block.lines
        elif block.kind == "PROMPT":
            lines += [_uncommented(line) for line in block.lines]
        elif not has_prompt:
            lines += _prompt(block, about)
    return "\n".join(lines).strip("\n")


def _uncommented(line: str) -> str:
    return re.sub(r"^([ \t]*)# ?", r"\1", line, count=1)


def _prompt(block: Block, about: Mapping[str, str]) -> list[str]:
    first = next((line for line in block.lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    names = _names(block)
    answers = [name for name in about if name in names]  # in the order of the question
    if answers:
        return [f"{indent}{name} = ...  # {about[name]}" for name in answers]
    return [f"{indent}...  # your code"]

"""Applies the phrases of `word_rules` to all prose outside the notebooks.

Prose is: comments, docstrings and messages of Python, TypeScript and JavaScript; style sheets;
markdown; the Makefile and workflows.
"""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tools.lint_notebooks.conventions import ROOT
from tools.lint_notebooks.notebook import Finding
from tools.lint_notebooks.word_rules import matches

_SUFFIXES = (".py", ".pyi", ".ts", ".js", ".mjs", ".css", ".md", ".html", ".yml", ".toml")
_NAMES = ("Makefile",)
#: Files that contain the phrases on purpose.
_EXCEPTIONS = ("tools/lint_notebooks/word_rules.py", "tests/notebooks/test_words.py")


def prose_files(root: Path = ROOT) -> list[Path]:
    """Return the text files of the repository that are in git, except notebooks."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    names = (name for name in listing.stdout.split("\0") if name and name not in _EXCEPTIONS)
    return [root / name for name in names if is_prose(Path(name)) and (root / name).is_file()]


def is_prose(path: Path) -> bool:
    return path.suffix in _SUFFIXES or path.name in _NAMES


def odd_wording(path: Path) -> Iterator[Finding]:
    """Yield a finding for each phrase in a file, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    pieces = python_prose(text) if path.suffix in (".py", ".pyi") else [(1, text)]
    findings = [
        (first + match.line - 1, match) for first, piece in pieces for match in matches(piece)
    ]
    for line, match in sorted(findings):
        wrong = f"Odd wording: {match.words!r}."
        yield Finding(path, f"line {line}", wrong, match.suggestion)


def python_prose(code: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of Python code, each with its first line."""
    yield from _comments(code)
    # The tree joins adjacent strings, which a sentence may run over.
    inside: set[ast.AST] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
            inside.update(node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.lineno, node.value


def _comments(code: str) -> Iterator[tuple[int, str]]:
    """Yield blocks of comments on consecutive lines."""
    block: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start[0] != last + 1:
                yield first, "\n".join(block)
                block = []
            if not block:
                first = token.start[0]
            block.append(token.string)
            last = token.start[0]
    if block:
        yield first, "\n".join(block)

"""Check notebooks and wording: ``python -m tools.lint_notebooks [file or folder ...]``.

Prints one line per finding: file, cell or line, what is wrong, what to do. The exit code is 1 if
there are findings.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.lint_notebooks import (
    check_rules,
    code_rules,
    figure_rules,
    form_rules,
    teaching_rules,
    text_rules,
    word_rules,
)
from tools.lint_notebooks.conventions import ROOT, install_cell, repository_url
from tools.lint_notebooks.notebook import FOLDERS, Finding, Notebook, read
from tools.lint_notebooks.prose import is_prose, odd_wording, prose_files

RULES = (
    *form_rules.RULES,
    *text_rules.RULES,
    *teaching_rules.RULES,
    *check_rules.RULES,
    *code_rules.RULES,
    *figure_rules.RULES,
    *word_rules.RULES,
)


def lint(notebooks: Sequence[Notebook]) -> Iterator[Finding]:
    """Apply each rule to each notebook, then the rules that compare notebooks."""
    for notebook in notebooks:
        for rule in RULES:
            yield from rule(notebook)
    for across in figure_rules.RULES_ACROSS:
        yield from across(notebooks)


def notebooks_in(places: Iterable[Path]) -> list[Path]:
    """Return the notebooks among the places, and those directly in the folders among them."""
    return [
        path
        for place in places
        for path in (sorted(place.glob("*.ipynb")) if place.is_dir() else [place])
        if not is_prose(path)
    ]


def set_install_cell(path: Path) -> None:
    """Write the install cell again: the repository has moved, or the version has changed."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    for cell in raw["cells"]:
        if cell.get("id") == "install":
            cell["source"] = install_cell(repository_url()).splitlines(keepends=True)
    path.write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lint_notebooks", description=__doc__)
    parser.add_argument(
        "places",
        nargs="*",
        type=Path,
        help="notebooks, folders of notebooks, and text files; default: all notebooks of the "
        "course and all text files of the repository",
    )
    parser.add_argument(
        "--install", action="store_true", help="first replace the install cell of each notebook"
    )
    options = parser.parse_args()
    folders = [Path(os.path.relpath(ROOT / name)) for name in FOLDERS]
    places = options.places or [folder for folder in folders if folder.is_dir()]
    paths = notebooks_in(places)
    texts = [place for place in options.places if is_prose(place)]
    if not options.places:
        texts = [Path(os.path.relpath(path)) for path in prose_files()]
    if options.install:
        for path in paths:
            set_install_cell(path)
    findings = list(lint([read(path) for path in paths]))
    findings += [finding for text in texts for finding in odd_wording(text)]
    counts = [f"{len(paths)} notebooks", *([f"{len(texts)} text files"] if texts else [])]
    print(*findings, f"{', '.join(counts)}, {len(findings)} findings.", sep="\n")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())

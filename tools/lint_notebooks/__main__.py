"""Check notebooks: ``python -m tools.lint_notebooks [notebook or folder ...]``.

One line a finding: file, cell, what is wrong, what to do. The exit code is 1 if there is any.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.lint_notebooks import code_rules, figure_rules, form_rules, teaching_rules, text_rules
from tools.lint_notebooks.conventions import ROOT, install_cell, repository_url
from tools.lint_notebooks.notebook import FOLDERS, Finding, Notebook, read

RULES = (
    *form_rules.RULES,
    *text_rules.RULES,
    *teaching_rules.RULES,
    *code_rules.RULES,
    *figure_rules.RULES,
)


def lint(notebooks: Sequence[Notebook]) -> Iterator[Finding]:
    """Apply each rule to each notebook, then those that look at all of them."""
    for notebook in notebooks:
        for rule in RULES:
            yield from rule(notebook)
    for across in figure_rules.RULES_ACROSS:
        yield from across(notebooks)


def notebooks_in(places: Iterable[Path]) -> list[Path]:
    """Return the notebooks named, and those directly in the folders named."""
    return [
        path
        for place in places
        for path in (sorted(place.glob("*.ipynb")) if place.is_dir() else [place])
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
    parser.add_argument("places", nargs="*", type=Path, help="default: all notebooks of the course")
    parser.add_argument(
        "--install", action="store_true", help="first set each notebook's install cell"
    )
    given = parser.parse_args()
    folders = [ROOT / name for name in FOLDERS]
    places = given.places or [os.path.relpath(folder) for folder in folders if folder.is_dir()]
    paths = notebooks_in(map(Path, places))
    if given.install:
        for path in paths:
            set_install_cell(path)
    findings = list(lint([read(path) for path in paths]))
    print(*findings, f"{len(paths)} notebooks, {len(findings)} findings.", sep="\n")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())

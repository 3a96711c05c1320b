"""How many questions of each chapter a reader has answered, shown on the site's pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat import NotebookNode

from microns_widgets.site.saved_widgets import SavedWidgets
from microns_widgets.widgets.self_check import CHECKS_CHANGED, CHECKS_KEPT

#: Among the scripts of ``html_js_files`` in ``_config.yml``.
SCRIPT = "progress.js"
_PROGRESS = Path(__file__).with_name(SCRIPT)


def question_names(notebook: NotebookNode) -> list[str]:
    """Return the names of the questions in an executed notebook, ``"chapter/question"``."""
    return [name for name in SavedWidgets(notebook).values_of("self-check", "name") if name]


def write_progress(folder: Path, names: Mapping[Path, Sequence[str]]) -> None:
    """Write the script of the pages, which knows the questions of each.

    Parameters
    ----------
    folder : pathlib.Path
        The site's ``_static``.
    names : mapping of pathlib.Path to sequence of str
        Names of the questions by notebook.
    """
    chapters = [
        {"page": page.with_suffix(".html").as_posix(), "chapter": chapter, "names": questions}
        for page, of_page in names.items()
        for chapter, questions in _by_chapter(of_page).items()
    ]
    arguments = map(json.dumps, (CHECKS_KEPT, CHECKS_CHANGED, chapters))
    call = f"micronsProgress({', '.join(arguments)});\n"
    folder.mkdir(parents=True, exist_ok=True)
    text = f"{_PROGRESS.read_text(encoding='utf-8')}{call}"
    (folder / SCRIPT).write_text(text, encoding="utf-8")


def _by_chapter(names: Sequence[str]) -> dict[str, list[str]]:
    chapters: dict[str, list[str]] = {}
    for name in names:
        chapter, _, question = name.partition("/")
        chapters.setdefault(chapter, []).append(question)
    return chapters

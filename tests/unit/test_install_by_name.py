"""No text installs the package by its name, which somebody else may register."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A wheel's address or file has a version after the name, a direct reference an @.
BY_NAME = re.compile(
    r"\bpip3?\b[^\n]*\binstall\b[^\n]*(?<![\w/.])microns[-_]widgets(?!\w|-[\d*{]| @ )"
)
SEARCHED = {".cff", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".sh", ".toml", ".ts", ".yml"}
# This test and the other one show what pip would do.
SHOWN = {"test_install_by_name.py", "test_install_cell.py"}
BUILT = {"node_modules", "__pycache__", "_build", "build", "dist", "static"}


def texts() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in BUILT and (name[0] != "." or name == ".github")
        ]
        for name in set(names) - SHOWN:
            path = Path(folder, name)
            if path.suffix in SEARCHED or name == "Makefile":
                yield path


def test_no_text_installs_the_package_by_its_name():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts()
        for match in BY_NAME.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "pip install microns-widgets",
        "%pip install --quiet microns-widgets --find-links https://a.example/wheels/",
        '"$root/venv/bin/pip" install "microns-widgets==0.1.0"',
        "python -m pip install 'microns-widgets[scale]'",
        "pip install microns_widgets.",
    ],
)
def test_an_install_by_name_is_found(line):
    assert BY_NAME.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "%pip install https://a.github.io/microns-widgets/wheels/microns_widgets-0.1.0-py3-none-any.whl",
        'pip install "microns-widgets @ file:///source/microns_widgets-0.1.0-py3-none-any.whl"',
        "python -m pip install --quiet wheels/microns_widgets-*.whl",
        "pip install '.[scale]'",
    ],
)
def test_an_install_by_address_is_not(line):
    assert not BY_NAME.search(line)

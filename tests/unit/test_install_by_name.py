"""No text installs the package by its name, which somebody else may register."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A wheel's address or file has a version after the name, a direct reference an @.
NAME = r"(?<![\w/.])microns[-_.]+widgets(?!\w|/|-[\d*{]|\.git|(?:\[[\w,]+\])? @ )"
INSTALLERS = r"(?:pip3?|pipx|uv|uvx|pixi|poetry|conda|mamba|micromamba|easy_install)"
# The words of a command may be the items of a list, and its line may continue on the next one.
LINE = r"(?:[^\n]|\\\\?\n)"
BY_NAME = re.compile(
    rf"\b{INSTALLERS}\b{LINE}*?\b(?:install|add|download|wheel|run)\b{LINE}*?{NAME}"
    rf"|\b(?:uvx|easy_install) {LINE}*?{NAME}",
    re.IGNORECASE,
)
#: In a list of requirements, a line that begins with the name.
REQUIREMENT = re.compile(rf"^\s*-?\s*[\"']?{NAME}(?!:)", re.MULTILINE | re.IGNORECASE)
SEARCHED = {
    *(".bash", ".bat", ".cff", ".cfg", ".html", ".in", ".ini", ".ipynb", ".js", ".json", ".md"),
    *(".ps1", ".py", ".rst", ".sh", ".toml", ".ts", ".txt", ".yaml", ".yml"),
}
#: Files without an ending: what hosts of notebooks and containers read.
NAMED = {"Containerfile", "Dockerfile", "Makefile", "postBuild", "run"}
LISTS = re.compile(r"(?:requirements|constraints|environment)[\w.-]*\.(?:in|txt|ya?ml)$")
# This test and the other one show what pip would do.
SHOWN = {"test_install_by_name.py", "test_install_cell.py"}
HIDDEN = {".binder", ".ci", ".devcontainer", ".github"}
BUILT = {"node_modules", "__pycache__", "_build", "build", "dist", "static"}


def texts() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in BUILT and (name[0] != "." or name in HIDDEN)
        ]
        for name in set(names) - SHOWN:
            path = Path(folder, name)
            if path.suffix in SEARCHED or name in NAMED:
                yield path


def test_no_text_installs_the_package_by_its_name():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts()
        for match in BY_NAME.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_list_of_requirements_has_the_name():
    lists = [path for path in texts() if LISTS.search(path.name)]
    assert [path for path in lists if REQUIREMENT.search(path.read_text(encoding="utf-8"))] == []


def test_a_requirement_by_name_is_found():
    assert REQUIREMENT.search("numpy\nmicrons-widgets[lab]>=0.1\n")
    assert REQUIREMENT.search("dependencies:\n  - pip:\n    - microns_widgets\n")
    assert not REQUIREMENT.search("microns-widgets @ https://a.example/x.whl\n")


@pytest.mark.parametrize(
    "line",
    [
        "pip install microns-widgets",
        "%pip install --quiet microns-widgets --find-links https://a.example/wheels/",
        '"$root/venv/bin/pip" install "microns-widgets==0.1.0"',
        "python -m pip install 'microns-widgets[scale]'",
        "pip install microns_widgets.",
        "python -m pip install --upgrade \\\n    microns-widgets",
        'subprocess.run([sys.executable, "-m", "pip", "install", "microns-widgets"])',
        "uv pip install microns-widgets",
        "uv add microns-widgets",
        "!pipx run microns-widgets",
        "conda install -c conda-forge microns-widgets",
        "pip wheel microns-widgets",
        "pip install Microns.Widgets",
    ],
)
def test_an_install_by_name_is_found(line):
    assert BY_NAME.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "%pip install https://a.github.io/microns-widgets/wheels/microns_widgets-0.1.0-py3-none-any.whl",
        'pip install "microns-widgets @ file:///source/microns_widgets-0.1.0-py3-none-any.whl"',
        'pip install "microns-widgets[cave] @ https://a.example/microns_widgets-0.1.0-py3-none-any.whl"',
        "python -m pip install --quiet wheels/microns_widgets-*.whl",
        "pip install '.[scale]'",
    ],
)
def test_an_install_by_address_is_not(line):
    assert not BY_NAME.search(line)

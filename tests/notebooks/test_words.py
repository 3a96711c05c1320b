"""Phrases that read like a translation are found in notebooks and in all other prose."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.lint_notebooks.conventions import ROOT
from tools.lint_notebooks.prose import odd_wording, prose_files
from tools.lint_notebooks.word_rules import PHRASES, matches

ODD = [
    "Where to draw; a new figure without it.",
    "Memory the build may take; half of what is free without.",
    "Processes; as many as there are CPUs.",
    "Submissions at a time; 0: one a processor.",
    "'x' is no root id.",
    "They are no random sample.",
    "A voxel's edge is none of ours.",
    "Root id 0 is nobody.",
    "The cell is told to Python.",
    "What is said here counts.",
    "Download it and say `make course`.",
    "An error, with a word on what to do.",
    "What a field may say of a connection.",
    "Say what one does.",
    "Only who uses it pays for it.",
    "Turn those away who may come in.",
    "This needs mending.",
    "Build it anew.",
    "No sandbox can be had here.",
    "Kept in by: bubblewrap",
    "It goes on where it stopped.",
    "Python hears of it at rests.",
    "The id stands twice.",
    "The contract stands in the file.",
    "Both come to one answer.",
    "A bar shows how far it is.",
    "The giver of a synapse.",
    "Strangers' programs.",
    "The house",
    "The way of the data.",
    "What a field of the matrix holds.",
    "First and last-but-one place.",
    "The last by name.",
    "What its synapses are in all.",
    "It lists what there is.",
    "Blocks of so many rows.",
]
PLAIN = [
    "There is no such cell, and there are no others.",
    "It is no longer needed, and is no larger than before.",
    "The colors can be told apart.",
    "One type cannot be told from another.",
    "A page works without a kernel.",
    "How far it is from the soma.",
    "A static model stands in for the kernel's.",
    "There are so many cells that the picture is black.",
    "Two cells a second.",
    "Who connects to whom?",
    "The picture is too large. The notebook is saved without it.",
    "If it is none of these, it is not a mark.",
]


@pytest.mark.parametrize("sentence", ODD)
def test_an_odd_phrase_is_found_once_with_what_to_write(sentence):
    [match] = matches(sentence)
    assert match.words in sentence
    assert match.suggestion.startswith("Write ")


@pytest.mark.parametrize("sentence", PLAIN)
def test_a_plain_sentence_passes(sentence):
    assert list(matches(sentence)) == []


def test_each_phrase_of_the_table_has_an_example():
    unused = [
        phrase.pattern.pattern
        for phrase in PHRASES
        if not any(phrase.pattern.search(sentence) for sentence in ODD)
    ]
    assert unused == []


# The phrases are split here, so that this file itself has none.
ANEW, GOES, ON = "an" + "ew", "goes", "on where"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.py", f"x = 1\n# It {GOES}\n# {ON} it stopped.\n", 2),
        ("a.py", f'def f():\n    """Build it {ANEW}."""\n', 2),
        ("a.py", f'x = 1\nprint(f"{{x}}: built "\n      "{ANEW}")\n', 2),
        ("a.ts", f"/**\n * It {GOES}\n * {ON} it stopped.\n */\n", 2),
        ("a.ts", f"const text = 'x';\n// It {GOES}\n// {ON} it stopped.\n", 2),
        ("a.md", f"# Title\n\nIt {GOES}\n{ON} it stopped.\n", 3),
        ("Makefile", f"all:  ## Build {ANEW}\n", 1),
    ],
)
def test_a_phrase_is_found_in_comments_strings_and_text_also_across_lines(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    [finding] = odd_wording(tmp_path / name)
    assert finding.cell == f"line {line}"


def test_names_in_code_are_not_prose(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("anew = giver = 1\n", encoding="utf-8")
    assert list(odd_wording(tmp_path / "a.py")) == []


def test_the_prose_of_all_parts_of_the_repository_is_checked():
    names = {path.relative_to(ROOT).as_posix() for path in prose_files()}
    assert {"README.md", "Makefile", "docs/authors.md", "microns_widgets/errors.py"} <= names
    assert any(name.startswith("frontend/src/") for name in names)
    assert not any(name.endswith((".ipynb", ".feather")) for name in names)


def test_the_command_checks_a_text_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"Build it {ANEW}.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tools.lint_notebooks", tmp_path / "notes.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"notes.md [line 1] Odd wording: '{ANEW}'." in done.stdout
    assert "0 notebooks, 1 text files, 1 findings." in done.stdout

"""The id in a notebook's text is read as Python would read it, in any form a student writes."""

from __future__ import annotations

import json

import pytest

from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import SubmittedNotebook, parse_notebook

#: The cell after the one with the id, as in the exercises.
CELLS = 'cells = mw.own_cells(con, STUDENT, "degree")'


def notebook(*sources: str | tuple[str, str]) -> SubmittedNotebook:
    """Read a notebook of code cells, or of cells with a type and a source."""
    cells = [one if isinstance(one, tuple) else ("code", one) for one in sources]
    made = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    text = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return parse_notebook(text.encode(), Limits())


@pytest.mark.parametrize(
    ("line", "student"),
    [
        ('STUDENT = "ada"  # your student number', "ada"),
        ("STUDENT='ada'", "ada"),
        ("STUDENT = 12345", "12345"),
        ("STUDENT = 0012345", "0012345"),
        ('STUDENT = "o\'neil@uni.edu"', "o'neil@uni.edu"),
        ("STUDENT = 'o\\'neil@uni.edu'", "o'neil@uni.edu"),
        ('STUDENT = r"uni\\ada"', "uni\\ada"),
        ('STUDENT: str = "ada"', "ada"),
        ('STUDENT = f"ada"', "ada"),
        ('NUMBER = 12345\nSTUDENT = f"s{NUMBER}"', "s12345"),
        ('STUDENT = ("ada")', "ada"),
        ('STUDENT = (\n    "ada"\n    "@uni.edu"\n)', "ada@uni.edu"),
        ('STUDENT = "ada" + "@" + "uni.edu"', "ada@uni.edu"),
        ("STUDENT = str(12345)", "12345"),
        ('STUDENT = " Ada ".strip().lower()', "ada"),
        ('print(STUDENT := "ada")', "ada"),
        ('STUDENT, VERSION = "ada", "1300"', "ada"),
        ('ME = STUDENT = "ada"', "ada"),
        ('STUDENT = ""\nSTUDENT += "ada"', "ada"),
        ('STUDENT = """ada"""', "ada"),
        ('STUDENT = "Müller@uni.edu"', "Müller@uni.edu"),
        ('  \nSTUDENT   =   " ada "', "ada"),
        ('if True:\n    STUDENT = "ada"', "ada"),
        ('try:\n    STUDENT = "ada"\nexcept NameError:\n    pass', "ada"),
        ('with open("x") as file:\n    STUDENT = "ada"', "ada"),
        ('def me():\n    global STUDENT\n    STUDENT = "ada"\n\nme()', "ada"),
        ('path = "C:\\data"\nSTUDENT = "ada"', "ada"),
        ('STUDENT = ""', ""),
        ("STUDENT = input()", ""),
    ],
)
def test_any_form_of_an_id_is_read(line, student):
    assert notebook("import microns_widgets as mw", line, CELLS).student == student
    assert notebook(line).student == student


@pytest.mark.parametrize(
    "cell",
    [
        '%matplotlib inline\nSTUDENT = "ada"',
        '%%time\nSTUDENT = "ada"',
        '%%capture out\nSTUDENT = "ada"',
        '!pip install seaborn\nSTUDENT = "ada"',
        'files = !ls\nSTUDENT = "ada"',
        'here = %pwd\nSTUDENT = "ada"',
        'if True:\n    %pip install seaborn\nSTUDENT = "ada"',
        'mw.own_cells?\nSTUDENT = "ada"',
        '?mw\nSTUDENT = "ada"',
        'STUDENT = "ada"\nprint("unfinished',
        'STUDENT = "ada"\nfor x in range(3)\n    print(x)',
        'await thing()\nSTUDENT = "ada"',
    ],
)
def test_cells_with_magics_and_mistakes_are_read_too(cell):
    assert notebook(cell, CELLS).student == "ada"


@pytest.mark.parametrize(
    "call",
    [
        'mw.own_cell(con, "ada", "outputs")',
        'mw.own_cells(con, "ada", "degree")',
        'mw.own_cells(con, student="ada", exercise="degree")',
        'mw.own_cells(con, exercise="degree", student="a" + "da")',
        'from microns_widgets import own_cells\ncells = own_cells(con, "ada", "degree")',
        'from microns_widgets import own_cells as mine\nlen(mine(con, "ada", "degree"))',
        'def cells_of(who):\n    return mw.own_cells(con, who, "degree")\n\ncells_of("ada")',
        'who = "ada"\nprint([c for c in mw.own_cells(con, who, "degree")])',
    ],
)
def test_an_id_given_straight_to_the_function_is_read(call):
    assert notebook('STUDENT = ""', call).student == "ada"


@pytest.mark.parametrize(
    "other",
    [
        '# STUDENT = "eve"',
        'example = """\nSTUDENT = "eve"\n"""',
        "'STUDENT = \"eve\"'",
        'def never_called():\n    STUDENT = "eve"\n    return mw.own_cells(con, "eve", "degree")',
        'def called():\n    STUDENT = "eve"\n\ncalled()',
        'class Mine:\n    STUDENT = "eve"',
        'later = lambda: mw.own_cells(con, "eve", "degree")',
        'if False:\n    STUDENT = "eve"',
        "print(\"mw.own_cells(con, 'eve', 0)\")",
        '%%writefile notes.txt\nSTUDENT = "eve"',
        '%%bash\nSTUDENT = "eve"',
        'options.STUDENT = "eve"',
        'NOT_STUDENT = "eve"',
        'STUDENT == "eve"',
        ("markdown", 'STUDENT = "eve"'),
        ("raw", 'STUDENT = "eve"'),
    ],
)
def test_what_only_looks_like_an_assignment_changes_nothing(other):
    read = notebook('STUDENT = "ada"', CELLS, other)
    assert (read.student, read.ids) == ("ada", ("ada",))


def test_of_two_ids_the_last_counts_and_both_are_known():
    read = notebook('STUDENT = "ada"', CELLS, 'STUDENT = "bob"', CELLS)
    assert (read.student, read.ids) == ("bob", ("ada", "bob"))
    read = notebook('STUDENT = "ada"', 'STUDENT = "bob"')
    assert (read.student, read.ids) == ("bob", ("ada", "bob"))


def test_an_id_that_is_changed_after_the_cells_were_asked_for_is_only_mentioned():
    read = notebook('STUDENT = "ada"', CELLS, 'STUDENT = "bob"')
    assert (read.student, read.ids) == ("ada", ("ada", "bob"))


def test_practice_cells_besides_the_own_ones_are_no_second_id():
    read = notebook('STUDENT = "ada"', CELLS, 'practice = mw.own_cells(con, "", "degree")')
    assert (read.student, read.ids) == ("ada", ("ada",))


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "STUDENT = " + "(" * 150 + "1" + ")" * 150,
        "STUDENT = 'a'\n" + "STUDENT = STUDENT + STUDENT\n" * 1000,
        "STUDENT = " + "9" * 5000,
        "STUDENT = 'a\\nb'",
        "STUDENT = '" + "a" * 100_000 + "'",
        "STUDENT = '\\ud800'",
        "STUDENT = 'a'\x00",
    ],
    ids=range(9),
)
def test_a_hostile_text_is_read_in_no_time_and_hides_nothing(hostile):
    read = notebook(hostile, 'mw.own_cells(con, "ada", "degree")')
    assert read.student == "ada"


def test_a_program_that_calls_itself_for_ever_is_given_up():
    endless = "def f():\n" + "    f()\n" * 5000 + "f()\n" * 5000
    assert notebook(endless, 'mw.own_cells(con, "ada", "degree")').student == ""

"""Small files beside a notebook come along; nothing else does."""

from __future__ import annotations

import json

import pytest
from grading.exports import found, matched, notebook, unzipped, zipped
from grading.small_course import submission

from microns_widgets.grading.limits import MIB

HELPERS = "def total():\n    return 55\n"
#: A table as numpy writes it.
TABLE = b"\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }"
TABLE = TABLE.ljust(127) + b"\n" + (7).to_bytes(8, "little") + (8).to_bytes(8, "little")


def beside(path) -> dict[str, bytes]:
    """What comes along with Ada's notebook."""
    ada = next(one for one in found(path) if one.name in ("Ada", "lovelaceada"))
    return {name: read() for name, read in ada.files.items()}


def test_helpers_and_small_tables_come_along(tmp_path):
    files = {
        "Ada/x.ipynb": notebook("ada"),
        "Ada/helpers.py": HELPERS,
        "Ada/table.csv": "a;b\n1;2\n",
        "Ada/settings.toml": "a = 1",
        "Ada/array.npy": TABLE,
        "Bob/x.ipynb": notebook("bob"),
        "Bob/helpers.py": "'of Bob'",
        "helpers.py": "'of nobody'",
    }
    for path in (zipped(tmp_path / "all.zip", files), unzipped(tmp_path / "all", files)):
        assert beside(path) == {
            "helpers.py": HELPERS.encode(),
            "table.csv": b"a;b\n1;2\n",
            "settings.toml": b"a = 1",
            "array.npy": TABLE,
        }


def test_canvas_numbers_the_files_of_a_later_attempt(tmp_path):
    files = {
        "lovelaceada_12_67_x-1.ipynb": notebook("ada"),
        "lovelaceada_12_68_helpers-1.py": HELPERS,
        "lovelaceada_12_69_choices-1.json": '{"q": ["1"]}',
        "byronanne_13_70_x.ipynb": notebook("anne"),
        "byronanne_13_71_helpers.py": "'of Anne'",
    }
    path = zipped(tmp_path / "all.zip", files)
    assert beside(path) == dict.fromkeys(("helpers.py", "helpers-1.py"), HELPERS.encode())
    [choices] = [one.read_choices() for one in found(path) if one.read_choices]
    assert json.loads(choices) == {"q": ["1"]}


def test_what_could_mislead_does_not_come_along(tmp_path):
    files = {
        "Ada/x.ipynb": notebook("ada"),
        "Ada/other.ipynb": notebook("ada", exercise="degree"),
        "Ada/choices.json": "{}",
        "Ada/sums (1).json": '{\n "exercise": "sums",\n "cells": []}',
        "Ada/page.html": "<p>",
        "Ada/more.zip": b"PK",
        "Ada/.hidden.py": "",
        "Ada/data/table.csv": "a",
        "Bob/x.ipynb": notebook("bob"),
    }
    path = unzipped(tmp_path / "all", files)
    (path / "Ada" / "link.py").symlink_to("/etc/passwd")
    assert beside(path) == {}


def test_what_is_too_large_is_left_out_and_flagged(tmp_path):
    files = {
        "Ada/x.ipynb": notebook("ada"),
        "Ada/large.csv": b"0" * (3 * MIB),
        "Ada/microns_widgets.py": "",
        **{f"Ada/part{n:02}.csv": b"0" * (2 * MIB) for n in range(5)},
        "Bob/x.ipynb": notebook("bob"),
    }
    path = zipped(tmp_path / "all.zip", files)
    ada, _ = matched(path)
    assert sorted(ada.submission.files) == [f"part{n:02}.csv" for n in range(4)]
    flags = [flag for flag in ada.flags if flag.startswith("A file did not come along")]
    assert flags == [
        "A file did not come along with the notebook: large.csv (3.0 MB; at most 2 MB each).",
        "A file did not come along with the notebook: microns_widgets.py (its name is not "
        "allowed).",
        "A file did not come along with the notebook: part04.csv (at most 8 MB together).",
    ]


def test_only_so_many_files_come_along(tmp_path):
    files = {f"Ada/{n}.txt": "x" for n in range(30)} | {"Ada/x.ipynb": notebook("ada")}
    ada, _ = found(unzipped(tmp_path / "all", files | {"Bob/x.ipynb": notebook("bob")}))
    assert (len(ada.files), len(ada.left_out)) == (20, 10)


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_a_notebook_imports_and_reads_what_lies_beside_it(course):
    answers = {
        "total": "import helpers\ntotal = helpers.total()",
        "odd": "import numpy as np\nodd = [1, 3, 5, 7, 9]\nn_odd = np.load('array.npy')[0] - 2",
    }
    files = {
        "Ada/sums.ipynb": submission(answers, student="ada"),
        "Ada/helpers.py": HELPERS,
        "Ada/array.npy": TABLE,
        # The grader's own modules are not replaced by a student's.
        "Ada/records.py": "raise SystemExit",
        "Bob/sums.ipynb": submission(answers, student="bob"),
    }
    unzipped(course.submissions, files)
    graded = course.grade()
    assert [mark.points for mark in graded["Ada"].marks][:2] == [2, 4]
    assert graded["Bob"].marks[0].points == 0

"""A later answer that is right for the student's own earlier value gets its points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.follow import (
    Case,
    cases_of,
    follow,
    follow_problems,
    pinned_source,
)
from microns_widgets.grading.authoring.make_key import make_key
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.grade import Options, grade
from microns_widgets.grading.judge import judge
from microns_widgets.grading.kinds import FOLLOWED, restored
from microns_widgets.grading.report.pages import student_page
from microns_widgets.grading.sandbox.settings import RunSettings
from tests.grading.answers import answer_of, payload_of
from tests.grading.small_course import submission, write_submissions

_DATA = """# QUESTION
id = "cells.data"
title = "Data"
points = 3
[answers.chosen]
kind = "ids"
about = "cells with more than 10 synapses"
points = 1
[answers.n_chosen]
kind = "number"
about = "how many these are"
at_least = 1
follows = ["chosen"]
points = 1
[answers.table]
kind = "table"
about = "a row for each chosen cell"
key = ["pt_root_id"]
points = 1
follows = ["chosen"]
[answers.table.columns]
n = { kind = "number" }
"""
_LATER = """# QUESTION
id = "cells.later"
title = "Later"
points = 2
[answers.mean]
kind = "number"
about = "mean number of synapses"
follows = ["table"]
[answers.share]
kind = "number"
about = "share of all synapses that the chosen cells have"
follows = ["mean", "n_chosen"]
"""
_SOLUTION = """# BEGIN SOLUTION
chosen = [one for one in COUNTS if COUNTS[one] > 10]
n_chosen = len(chosen)
table = pd.DataFrame({"pt_root_id": chosen, "n": [COUNTS.get(one, 0) for one in chosen]})
# END SOLUTION"""
_LATER_SOLUTION = """# BEGIN SOLUTION
mean = table["n"].mean()
share = mean * n_chosen / sum(COUNTS.values())
# END SOLUTION"""
GIVEN = "import pandas as pd\nCOUNTS = {1: 5, 2: 12, 3: 20, 4: 10, 5: 40}"
_CELLS = [
    ("markdown", "# Cells"),
    ("code", GIVEN),
    ("raw", _DATA),
    ("code", _SOLUTION),
    ("code", "# WRONG at-least: More than 10 leaves out 10.\nchosen = [2, 3, 4, 5]"),
    ("code", "# WRONG all: Not all of them.\nchosen = list(COUNTS)"),
    ("code", "# WRONG few: Count the cells.\nn_chosen = 72"),
    ("code", "# SAME set\nchosen = set(chosen)"),
    ("raw", _LATER),
    ("code", _LATER_SOLUTION),
    ("code", "# WRONG sum: Divide by their number.\nmean = 72"),
    ("code", "# WRONG median: Take the mean.\nmean = 20"),
    ("code", "# WRONG odds: Divide by all.\nshare = 72 / 15"),
    ("code", "# SAME series\nmean = pd.Series([mean])"),
]


def write_master(folder: Path, *changes: tuple[str, str]) -> Path:
    cells = []
    for number, (kind, source) in enumerate(_CELLS):
        for old, new in changes:
            source = source.replace(old, new)
        extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
        cells.append(
            {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source} | extra
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cells.ipynb"
    metadata = {"microns": {"exercise": "cells", "number": 1, "edition": 1}}
    plain = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(plain))
    return path


@pytest.fixture(scope="module")
def master(tmp_path_factory) -> Master:
    return read_master(write_master(tmp_path_factory.mktemp("solutions")))


@pytest.fixture(scope="module")
def key(master) -> Key:
    return make_key(master)


@pytest.fixture(scope="module")
def settings() -> RunSettings:
    from microns_widgets.grading.sandbox.steps import choose_sandbox

    return RunSettings(sandbox=choose_sandbox("auto"))


def there(**payloads: object) -> dict:
    return {name: {"state": "there", "payload": one} for name, one in payloads.items()}


def rows(*pairs: tuple[int, int]) -> dict:
    ids, numbers = zip(*pairs, strict=True)
    columns = {"pt_root_id": [str(one) for one in ids], "n": list(numbers)}
    return {"rows": len(ids), "columns": columns, "others": []}


#: A student who took cells with at least 10 synapses, and went on consistently.
AT_LEAST = {
    "cells.data": there(
        chosen={"ids": ["2", "3", "4", "5"]},
        n_chosen={"value": 4},
        table=rows((2, 12), (3, 20), (4, 10), (5, 40)),
    ),
    "cells.later": there(mean={"value": 20.5}, share={"value": 82 / 87}),
}


def test_only_wrong_answers_that_follow_from_wrong_usable_ones_are_run_again(master, key):
    cases = cases_of(master.exercise, AT_LEAST, key)
    assert [(case.question, case.names, tuple(case.earlier)) for case in cases] == [
        ("cells.data", ("n_chosen", "table"), ("chosen",)),
        ("cells.later", ("mean",), ("table",)),
        ("cells.later", ("share",), ("mean", "n_chosen")),
    ]
    right = {question: there(**one.right) for question, one in key.questions.items()}
    assert cases_of(master.exercise, right, key) == []
    # Nothing follows from an answer that is missing, damaged, or out of its public bounds.
    for record in ({"state": "missing"}, {"state": "there", "payload": {"ids": "2"}}):
        broken = {"cells.data": AT_LEAST["cells.data"] | {"chosen": record}}
        assert cases_of(master.exercise, broken, key) == []
    zero = {"cells.data": there(n_chosen={"value": 0}, chosen={"ids": ["2", "3", "5"]})}
    later = {"cells.later": there(share={"value": 0}, mean={"value": 24})}
    assert cases_of(master.exercise, zero | later, key) == []


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_what_follows_from_ids_a_table_and_numbers_gets_its_points(master, key, settings):
    cases = cases_of(master.exercise, AT_LEAST, key)
    run = follow(master, key, [cases, []], settings=settings)
    assert run.problem == ""
    marks = judge(master.exercise, AT_LEAST, key, run.followed[0])
    points = {answer.name: answer.points for mark in marks for answer in mark.answers}
    assert points == {"chosen": 0.67, "n_chosen": 1, "table": 1, "mean": 1, "share": 1}
    assert marks[1].answers[1].credit == (
        "this follows from your own mean and n_chosen, so it was judged with your values."
    )
    assert run.followed[1] == {}


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_values_that_break_the_solution_cost_only_their_own_student(master, key, settings):
    broken = Case("cells.later", ("mean",), {"table": {"rows": 1, "columns": {}, "others": []}})
    honest = Case("cells.later", ("share",), {"mean": {"value": 1}, "n_chosen": {"value": 9}})
    forged = Case("cells.later", ("share",), {"mean": {"value": "__import__('os')"}})
    run = follow(master, key, [[broken], [honest], [forged]], settings=settings)
    assert [dict(one) for one in run.followed[::2]] == [{"cells.later": {}}] * 2
    assert run.followed[1] == {"cells.later": {"share": {"value": pytest.approx(9 / 87)}}}


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
@pytest.mark.parametrize(("fatal", "told"), [(2, False), (5, True)])
def test_values_that_end_the_process_cost_only_their_own_students(tmp_path, settings, fatal, told):
    change = ("mean = table", "mean = __import__('os')._exit(3) if len(table) == 1 else table")
    master = read_master(write_master(tmp_path, change))
    last = Case("cells.later", ("mean",), {"table": rows((2, 12), (3, 20))})
    ending = Case("cells.later", ("mean",), {"table": rows((2, 12))})
    run = follow(master, make_key(master), [[ending]] * fatal + [[last]], settings=settings)
    assert ("was not run" in run.problem) == told
    if not told:
        assert run.followed[-1] == {"cells.later": {"mean": {"value": 16}}}


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_a_whole_grading_tells_the_student_what_it_followed(tmp_path, settings):
    write_master(tmp_path / "solutions")
    consistent = {
        "data": f"{GIVEN}\nchosen = [2, 3, 4, 5]\nn_chosen = 4\n"
        "table = pd.DataFrame({'pt_root_id': chosen, 'n': [COUNTS[one] for one in chosen]})",
        "later": "mean = table['n'].mean()\nshare = 0.5",
    }
    notebook = submission(consistent, exercise="cells").replace("sums.", "cells.")
    folder = write_submissions(tmp_path / "submissions", {"Ada": notebook})
    options = Options(
        folder, tmp_path / "out", tmp_path / "solutions", tmp_path / "none", settings=settings
    )
    (graded,) = grade(options)
    points = [answer.points for mark in graded.marks for answer in mark.answers]
    assert points == [0.67, 1, 1, 1, 0]
    page = student_page([graded])
    credit = "this follows from your own table, so it was judged with your values."
    assert f"1 of 1 point: {credit}" in page
    assert "0.67 of 1 point: 3 of 3 expected ids, minus 1 that does not belong." in page


def test_a_pinned_variable_keeps_its_value_whenever_the_code_sets_it():
    source = pinned_source("a = 1\nb = a + 1\nfor a in range(3):\n    pass\nc = a", ["a"], "f")
    namespace = {}
    lines = [line for line in source.splitlines() if "import" not in line]
    code = "\n".join(lines).replace("own_values('f')", "{'a': 10}.get")
    exec(code, namespace)
    assert (namespace["a"], namespace["b"], namespace["c"]) == (10, 11, 10)


@pytest.mark.slow
def test_a_solution_that_needs_more_than_the_values_is_reported(tmp_path, master, key):
    # A restored table has the columns that are judged, and no others.
    change = ('table["n"].mean()', 'table.assign(k=table.attrs["k"])["n"].mean()')
    set_attrs = ("\n# END SOLUTION", "\ntable.attrs['k'] = 1\n# END SOLUTION")
    demanding = read_master(write_master(tmp_path, change, set_attrs))
    public = demanding.exercise
    (problem,) = follow_problems(
        demanding, public, make_key(demanding), RunSettings(sandbox="unsafe")
    )
    assert problem == (
        "cells.later: mean should follow from table, but the solution fails with "
        "their values as a number, text, array of ids or frame."
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('["chosen"]', '["chosn"]'), "follows 'chosn', which is not another answer of this"),
        (('["chosen"]', '["share"]'), "follows 'share', which is not another answer of this"),
        (('["chosen"]', '["n_chosen"]'), "n_chosen follows 'n_chosen'"),
        (('["chosen"]', '"chosen"'), "n_chosen: follows is 'chosen', expected a list"),
        (('mean = table["n"].mean()', "%time mean = 24"), "need cells of plain Python"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said(tmp_path, change, says):
    with pytest.raises(MasterError, match=says):
        read_master(write_master(tmp_path, change))


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (answer_of("number"), 12),
        (answer_of("number"), 0.25),
        (answer_of("text"), "Basket"),
        (answer_of("ids"), [864691135000000001, 5]),
        (answer_of("choice", accepts="good"), 864691135000000001),
        (answer_of("choice", accepts="good", what="pair"), [2, 1]),
        (
            answer_of(
                "table",
                key=["pt_root_id", "type"],
                columns={"n": {"kind": "number"}, "ok": {"kind": "truth"}},
            ),
            {"pt_root_id": [2, 864691135000000001], "type": ["BC ", ""], "n": [1, 2.5]}
            | {"ok": [True, False]},
        ),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_a_restored_value_is_the_same_answer(answer, value):
    payload = payload_of(value, answer)
    assert answer.kind in FOLLOWED
    assert payload_of(restored(json.loads(json.dumps(payload)), answer), answer) == payload


def test_a_restored_word_is_spelled_as_it_is_offered():
    answer = answer_of("text", one_of=["BC", "MC"])
    assert restored(payload_of(" mc", answer), answer) == "MC"


def test_a_restored_table_has_integer_ids_and_counts():
    answer = answer_of("table", key=["pt_root_id"], columns={"n": {"kind": "number"}})
    table = restored(payload_of({864691135000000001: 3}, answer), answer)
    assert [str(one) for one in table.dtypes] == ["int64", "int64"]
    assert table["pt_root_id"].tolist() == [864691135000000001]

"""Planted copies are found, and honest students who solve questions alike are not listed."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest
from grading.alike_class import graded_class
from grading.planted_copies import EXERCISE, KINDS, STUB, made_up

from microns_widgets.grading.analysis.analyse import analyse
from microns_widgets.grading.analysis.analysis import (
    ADVICE,
    Analysis,
    read_analysis,
    write_analysis,
)
from microns_widgets.grading.analysis.normal_code import MOST_STATEMENTS, CodeCell, normal_code
from microns_widgets.grading.analysis.similarity import Compared, Source, compare
from microns_widgets.grading.analysis.written_words import word_groups
from microns_widgets.grading.report.pages import summary_page

#: Copies of the whole notebook, and of a part that is long enough to be found.
WHOLE = (
    "only the id", "renamed", "comments", "reordered", "reformatted", "edited", "everything",
)  # fmt: skip
_GIVEN = [CodeCell(0, "", source) for _, source in STUB]
_FIXED = frozenset({"con", "cell", "cells", "mw", "np", "pd", "plt", "STUDENT"}) | {
    answer.name for question in EXERCISE.questions for answer in question.answers
}


def marks_of(source: str, fixed: frozenset[str] = frozenset()) -> list[tuple[str, ...]]:
    """Return the marks of each statement of a cell."""
    return [one.marks for one in normal_code([CodeCell(0, "", source)], fixed, 8).statements]


def core_of(source: str) -> list[str]:
    return [marks[-1] for marks in marks_of(source, frozenset({"x", "con"}))]


def class_of(number: int, seed: int, each: int = 2) -> tuple[Compared, dict[frozenset[str], str]]:
    """Compare a made-up class; return the result, and the pairs that copied with the kind."""
    made = made_up(number, seed, each)
    sources = []
    for student in made.code:
        cells = json.loads(made.notebook(student))["cells"]
        own = (
            CodeCell(place, cell["id"].removeprefix("check-"), cell["source"])
            for place, cell in enumerate(cells)
        )
        sources.append(Source(student, tuple(own)))
    planted = {frozenset((one.original, one.copy)): one.kind for one in made.planted}
    return compare(sources, _GIVEN, (), _FIXED), planted


def listed(compared: Compared) -> set[frozenset[str]]:
    """Return the students of each pair that is listed."""
    who = [one.who for one in compared.notebooks]
    return {frozenset((who[pair.first], who[pair.second])) for pair in compared.pairs}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a = con.f(1)\nx = a + 1", "other = con.f(1)  # a comment\nx = other+1"),
        ("x = con.f('a', b=1, c=2)", 'x = con.f(\n    "a",\n    c=2,\n    b=1,\n)'),
        ("x = con.outputs(864691135571546917)", "x = con.outputs(864691135000000000)"),
        ("x = con.outputs('864691135571546917')", "x = con.outputs('864691135000000000')"),
        ("for i in con.f():\n    x = i", "for k in con.f():\n    '''Say.'''\n    x = k"),
        ("def f(a):\n    '''Doc.'''\n    return a * 2", "def g(b):\n    return b * 2"),
        ("x.plot(color='red', title='My cell')", "x.plot(title='Outputs of it', color='C1')"),
        ("%matplotlib inline\nx = con.f(2)", "!pip install z\nx = con.f(2)"),
        ("import numpy as np\nx = np.sum([1])", "import numpy\nx = numpy.sum([1])"),
    ],
)
def test_names_form_comments_ids_and_labels_do_not_matter(first, second):
    assert core_of(first) == core_of(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x = con.f(1)", "x = con.f(2)"),
        ("x = con.inputs(3)", "x = con.outputs(3)"),
        ("x = a + b", "x = a + a"),
        ("x = con.f('size')", "x = con.f('id')"),
    ],
)
def test_what_is_computed_does_matter(first, second):
    assert core_of(first) != core_of(second)


def test_the_order_of_independent_statements_changes_only_one_mark():
    first = marks_of("a = f(1, 2)\nb = g(3, 4)\nx = a @ b")
    second = marks_of("b = g(3, 4)\na = f(1, 2)\nx = a @ b")
    assert set(first[2]) - set(second[2]) == {mark for mark in first[2] if " , " in mark}


def test_words_are_compared_without_case_punctuation_and_stop_words():
    first = word_groups("Most of the SYNAPSES go to pyramidal cells, in layer 5.")
    assert first == word_groups("most synapses go: to Pyramidal cells in the layer-5")
    assert len(first) > 2


def test_copies_are_found_and_honest_pairs_are_not_listed():
    compared, planted = class_of(200, seed=11)
    found = listed(compared)
    # One in ten such classes has an honest pair that is listed; most have none.
    assert len(found - planted.keys()) <= 1
    whole = {pair for pair, kind in planted.items() if kind in WHOLE}
    assert len(found & whole) >= 0.8 * len(whole)


@pytest.mark.long
def test_precision_and_recall_over_several_classes():
    right: Counter[str] = Counter()
    wrong = 0
    for seed in range(10):
        compared, planted = class_of(200, seed)
        found = listed(compared)
        right.update(planted[pair] for pair in found & planted.keys())
        wrong += len(found - planted.keys())
    assert wrong <= 2
    assert sum(right[kind] for kind in WHOLE) >= 0.85 * 10 * 2 * len(WHOLE)


@pytest.mark.parametrize("number", [12, 30, 60])
def test_small_classes_list_no_honest_pairs(number):
    compared, planted = class_of(number, seed=3, each=0)
    assert planted == {}
    assert listed(compared) == set()


def test_what_all_were_given_or_the_master_has_counts_nothing():
    text = "\n".join(f"part_{n} = con.f({n}, 'size', con.g({n}), {n} * 7)" for n in range(12))
    sources = [Source(str(n), (CodeCell(0, "q", f"x = {n}"),)) for n in range(20)]
    both = [Source(name, (CodeCell(0, "q", text),)) for name in ("a", "b")]
    assert listed(compare([*sources, *both])) == {frozenset("ab")}
    known = [CodeCell(0, "q", text.replace("part", "mine"))]
    assert listed(compare([*sources, *both], solution=known)) == set()
    assert listed(compare([*sources, *both], given=[CodeCell(0, "q", text)])) == set()


def test_a_short_question_that_two_solve_alike_is_no_pair():
    sources = [Source(str(n), (CodeCell(0, "q", f"x = {n} + con.f({n})"),)) for n in range(30)]
    short = "out = con.outputs(cell)\nn_outputs = len(out)"
    both = [Source(name, (CodeCell(0, "q", short),)) for name in ("a", "b")]
    assert listed(compare([*sources, *both])) == set()


def test_few_notebooks_are_not_compared():
    text = "\n".join(f"part_{n} = con.f({n}, 'size', con.g({n}))" for n in range(12))
    assert compare([Source(name, (CodeCell(0, "", text),)) for name in "ab"]).pairs == []


_DEEP = 100_000


@pytest.mark.parametrize(
    "hostile",
    [
        lambda: "x = " + "(" * _DEEP,
        lambda: "x = " + "-" * _DEEP + "1",
        lambda: "x = " + "[" * 90 + "]" * 90,
        lambda: "x" + ".a" * 40_000,
        lambda: "\n".join("if True:".rjust(8 + n) for n in range(90)),
        lambda: "x = 1\n" * _DEEP,
        lambda: "\n".join(f"y{n} = f(y{n - 1})" for n in range(_DEEP)),
        lambda: "why = '" + "word " * 200_000 + "'",
        lambda: "\x00\ud800 ¬ %%\n\t x",
        lambda: "def f(:\n" * 20_000,
        lambda: "x = 1 +\n" * 12_000,
        lambda: "f" + "(1)" * 30_000,
        lambda: "match x:\n    case [a, *b]:\n        y = a\n    case _:\n        pass",
    ],
)
def test_hostile_code_costs_bounded_time(hostile: Callable[[], str]) -> None:
    source = hostile()
    begun = time.process_time()
    code = normal_code([CodeCell(n, "", source) for n in range(3)], frozenset(), 8)
    assert time.process_time() - begun < 10
    assert len(code.statements) <= MOST_STATEMENTS


def test_a_class_of_hostile_notebooks_is_compared_in_bounded_time():
    text = "\n".join(f"a{n} = f({n}) + g(a{n - 1})" for n in range(900))
    sources = [Source(str(n), (CodeCell(0, "", f"{text}\nb = {n}"),)) for n in range(10)]
    begun = time.process_time()
    compare(sources)
    assert time.process_time() - begun < 20


def test_the_file_keeps_what_was_found_and_pages_escape_it(tmp_path):
    made = made_up(60, seed=5, each=1)
    pair = next(one for one in made.planted if one.kind == "renamed")
    for student in (pair.original, pair.copy):
        made.code[student]["alike.table"] += '\nevil_name = "<script>alert(1)</script>"'
    graded = graded_class(made)
    analysis = analyse(graded, {})
    write_analysis(tmp_path, analysis)
    assert read_analysis(tmp_path) == analysis
    [exercise] = analysis.exercises
    assert exercise.compared == 60
    found = {frozenset((one.first, one.second)): one for one in exercise.pairs}
    one = found[frozenset((pair.original, pair.copy))]
    assert one.share > 0.9
    assert any("evil_name" in reason for reason in one.reasons)
    assert {passage.number for passage in one.passages} >= {"1.3", "1.4", "1.5"}
    for passage in one.passages:
        for excerpt in (passage.first, passage.second):
            assert excerpt.alike
            assert max(excerpt.alike) < len(excerpt.text.split("\n"))
    page = summary_page(graded, "", "sample", False, analysis=analysis)
    assert ADVICE in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


def test_a_damaged_or_older_file_is_no_analysis(tmp_path):
    assert read_analysis(tmp_path) is None
    for text in ("[]", "{}", '{"format": 0, "exercises": []}', '{"format": 1}', "x"):
        (tmp_path / "analysis.json").write_text(text)
        assert read_analysis(tmp_path) is None
    write_analysis(tmp_path, Analysis(()))
    assert read_analysis(tmp_path) == Analysis(())


def test_each_kind_of_copy_is_in_a_class():
    made = made_up(60, seed=1, each=1)
    by_kind = defaultdict(list)
    for one in made.planted:
        by_kind[one.kind].append(one)
    assert set(by_kind) == set(KINDS)
    assert len({who for one in made.planted for who in (one.original, one.copy)}) == 2 * len(KINDS)

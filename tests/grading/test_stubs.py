"""A stub that was copied below a finished answer changes nothing."""

from __future__ import annotations

import ast

import pytest
from grading.in_sandbox import run, value

from microns_widgets.grading.sandbox.stubs import KeepAnswers

FINISHED_THEN_STUB = [
    "n = 5\nn = ...  # how many",
    "n = 5\nn: int = ...",
    "n, m = 5, 6\nn, m = ..., ...",
    "n = m = 5\nn = m = ...",
]


def after(source: str, names: tuple[str, ...] = ("n", "m")) -> dict[str, object]:
    tree = ast.fix_missing_locations(KeepAnswers(names).visit(ast.parse(source)))
    namespace: dict[str, object] = {}
    exec(compile(tree, "cell", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("source", FINISHED_THEN_STUB)
def test_a_stub_below_an_answer_leaves_it(source):
    assert after(source)["n"] == 5


def test_a_stub_by_itself_is_not_started():
    found = after("n, m = ..., ...")
    assert (found["n"], found["m"]) == (..., ...)


@pytest.mark.parametrize(
    "source", ["n = 5\nn = None", "n = 5\nn = [...]", "n = 5\nn = 3", "n = 5\nn, k = ..., 3"]
)
def test_a_later_value_of_any_other_kind_counts(source):
    assert after(source)["n"] != 5


def test_other_names_are_left_alone():
    assert after("k = 5\nk = ...")["k"] is ...


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_stubs_in_the_same_cell_in_a_later_one_and_below_the_check_change_nothing():
    done = run("a1 = 3\na1 = ...", "a2 = 4\na1 = ...", "a1 = ...\na2 = ...\na3 = ...")
    assert [value(done, number) for number in (1, 2, 3)] == [3, 4, "not started"]

"""What a submission may have forged gets no points and breaks nothing."""

from __future__ import annotations

import copy
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from microns_widgets.grading.kinds import (
    Capture,
    alike,
    capture_answer,
    judge_answer,
    practice_complaints,
    summary_of,
)
from tests.grading.answers import answer_of, payload_of


def _points():
    _, ax = plt.subplots()
    ax.scatter([1, 2, 3], [3, 2, 1], c=["r", "g", "b"])
    ax.plot([1, 2], [3, 4])
    ax.bar([1, 2], [3, 4])
    ax.imshow(np.eye(3))
    return ax


COLUMNS = {name: {"kind": name} for name in ("number", "text", "id", "truth")}
ROWS = {"key": ["a", "b"], "number": [1, 2.5], "text": ["x", ""], "id": [1, 2], "truth": [1, 0]}
FRAME = pd.DataFrame([[1, 0.5], [0, 2]], index=["a", "b"], columns=["c", "d"])
CASES = {
    "number": (answer_of("number"), 3.5),
    "text": (answer_of("text"), "basket"),
    "ids": (answer_of("ids"), [1, 2, 3]),
    "table": (answer_of("table", key=["key"], columns=COLUMNS, order="number"), ROWS),
    "matrix": (answer_of("matrix"), FRAME),
    "bare matrix": (answer_of("matrix", labels=False), np.eye(3)),
    **{
        f"figure of {marks}": (answer_of("figure", marks=marks, colours=True), _points)
        for marks in ("points", "lines", "bars", "image")
    },
    "choice": (answer_of("choice", accepts="good"), 5),
    "written": (answer_of("written"), "some words " * 10),
}
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["nan", "inf", "864691135000000001", "9" * 400]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5)
    ),
    max_leaves=25,
)


def _key(case: str):
    answer, value = CASES[case]
    key = payload_of(value() if callable(value) else value, answer)
    return answer, key | ({"private": {"ids": ["5"]}} if case == "choice" else {})


def _places(payload, path=()):
    yield path
    items = payload.items() if isinstance(payload, dict) else ()
    items = enumerate(payload) if isinstance(payload, list) else items
    for name, one in items:
        yield from _places(one, (*path, name))


def _changed(payload, path, value):
    if not path:
        return value
    made = copy.deepcopy(payload)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return made


@pytest.mark.parametrize("case", CASES)
def test_the_honest_payload_gets_all_points(case):
    answer, key = _key(case)
    assert judge_answer(json.loads(json.dumps(key)), key, answer).share in (1, None)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_any_json_in_any_place_is_judged_without_an_error(case):
    answer, key = _key(case)
    places = list(_places(key))

    @given(st.sampled_from(places), ANY_JSON)
    @settings(max_examples=150)
    def check(path, value):
        forged = _changed(key, path, value)
        found = judge_answer(forged, key, answer)
        assert found.share is None or 0 <= found.share <= 1
        assert all(len(one) < 1000 for one in found.complaints)
        assert len(summary_of(forged, answer)) <= 20_000
        alike(forged, key, answer)
        if not isinstance(forged, dict):
            assert found.share == 0

    check()


@pytest.mark.parametrize("case", CASES)
def test_a_payload_that_lacks_a_field_gets_nothing(case):
    answer, key = _key(case)
    for name in key:
        if name in ("private",) or (case == "bare matrix" and name in ("rows", "columns")):
            continue
        assert judge_answer({k: v for k, v in key.items() if k != name}, key, answer).share == 0


def test_a_number_as_text_or_truth_gets_nothing():
    answer, key = _key("number")
    for value in ("3.5", True, [3.5], 10**400, "9" * 100_000, None):
        assert judge_answer({"value": value}, key, answer).share == 0


def test_a_matrix_outside_its_shape_gets_nothing():
    answer, key = _key("matrix")
    assert judge_answer(key | {"i": [5] * len(key["i"])}, key, answer).share == 0
    assert judge_answer(key | {"shape": [10**15, 2]}, key, answer).share == 0
    bare, square = _key("bare matrix")
    assert judge_answer(square | {"shape": [10**15, 10**15]}, square, bare).share == 0


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-320, 0.0])
def test_coordinates_far_outside_are_judged_without_an_error(value):
    _, ax = plt.subplots()
    ax.scatter([0, 0, 0], [5, 5, 5])
    ax.plot([0, 0], [1, 1])
    ax.bar([0], [0])
    ax.imshow(np.zeros((3, 3)))
    for marks in ("points", "lines", "bars", "image"):
        answer = answer_of("figure", marks=marks)
        key = payload_of(ax, answer)
        for path in _places(key):
            if isinstance(_at(key, path), float):
                found = judge_answer(_changed(key, path, value), key, answer)
                assert found.share is not None


def _at(payload, path):
    for name in path:
        payload = payload[name]
    return payload


def test_one_name_for_all_accepted_cells_gets_nothing():
    answer, key = _key("choice")
    assert judge_answer({"ids": [str(one) for one in range(1000)]}, key, answer).share == 0


class Liar:
    """Is equal to all, is of every class, is as long as one likes."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return False

    def __len__(self):
        return 1

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter([self])

    def __float__(self):
        return 3.5

    def __array__(self, *_args, **_kwargs):
        return np.array([3.5])

    def tolist(self):
        return [3.5]

    def to_dict(self):
        return {"key": [self], "number": [self]}

    def __getattr__(self, name):
        raise RuntimeError("no such thing")


def _classes():
    for base in (int, float, str, pd.DataFrame, np.ndarray, list):

        class Disguised(Liar):
            __class__ = base

        yield Disguised()


@pytest.mark.parametrize("case", CASES)
def test_an_object_that_lies_leads_to_plain_json_or_to_nothing(case):
    answer, _ = CASES[case]
    for liar in (Liar(), *_classes()):
        found = capture_answer({"x": liar}, answer)
        json.dumps(found.to_json())
        if found.state == "there":
            practice_complaints(Capture("there", json.loads(json.dumps(found.payload))), answer)


def test_a_subclass_with_its_own_equality_is_taken_by_its_content():
    class Agreeable(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            return True

    answer, key = _key("text")
    crossed = json.loads(json.dumps(payload_of(Agreeable("martinotti"), answer)))
    assert judge_answer(crossed, key, answer).share == 0


def test_an_object_that_raises_on_sight_costs_its_own_answer():
    class Thorny:
        def __getattribute__(self, name):
            raise SystemError("do not touch")

    for answer, _ in CASES.values():
        found = capture_answer({"x": Thorny()}, answer)
        assert found.state == "failed"
        assert len(found.why) < 300

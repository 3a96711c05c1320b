"""The output of a sandbox is read line by line, whatever a submission wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microns_widgets.grading.sandbox.records import Records

STEPS = [{"do": "cell", "index": 0, "source": ""}, {"do": "capture", "question": "sums.total"}]

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_fields = {
    "step": st.sampled_from([0, 1]) | _values,
    "state": st.sampled_from(["started", "ended", "there", "failed", "whole"]) | _values,
    "seconds": st.just(10**400) | _values,
    "error": st.just("") | _values,
    "variable": st.just("total") | _values,
    "payload": _values,
    "why": st.just("") | _values,
}


def records() -> Records:
    return Records(STEPS, {"sums.total": ("total",)})


def answer(payload: object, **more: object) -> bytes:
    plain = {"step": 1, "variable": "total", "state": "there", "payload": payload, **more}
    return json.dumps(plain).encode()


@pytest.mark.slow
@given(st.fixed_dictionaries({}, optional=_fields))
def test_any_record_is_taken_or_dropped(record):
    taken = records()
    taken.read_line(json.dumps(record).encode())
    for result in taken.results:
        assert 0 <= result.seconds <= 1e6
        json.dumps([result.error, result.answers], ensure_ascii=False).encode("utf-8")
        assert result.answers.keys() <= {"total"}


@pytest.mark.slow
@given(st.binary())
def test_any_bytes_are_taken_or_dropped(line):
    taken = records()
    taken.read_line(line)
    assert not any(result.answers for result in taken.results)


def test_an_answer_that_fits_its_step_is_kept():
    taken = records()
    taken.read_line(answer({"value": 55}))
    assert taken.results[1].answers["total"]["payload"] == {"value": 55}


def test_the_first_word_counts():
    taken = records()
    taken.read_line(answer({"value": 55}))
    taken.read_line(answer({"value": 56}))
    assert taken.results[1].answers["total"]["payload"] == {"value": 55}
    assert taken.dropped == 1


@pytest.mark.parametrize(
    "line",
    [
        answer(1, step=0),
        answer(1, variable="odd"),
        answer(1, variable=["total"]),
        answer("\ud800"),
        answer({"\udfff": 1}),
        answer(float("nan")),
        b'{"step": 1, "variable": "total", "state": "there", "payload": "\xed\xa0\x80"}',
        b'{"step": 1, "variable": "total", "state": "there", "payload": ' + b"[" * 21 + b"]" * 21,
        b"[" * 100_000,
    ],
    ids=[
        "a step that takes no answer",
        "an answer nobody asked for",
        "a name that is none",
        "half of a character",
        "half of a character as a key",
        "not a number",
        "half of a character in bytes",
        "too deep",
        "far too deep",
    ],
)
def test_what_does_not_fit_is_dropped(line):
    taken = records()
    taken.read_line(line)
    assert not taken.results[0].answers
    assert not taken.results[1].answers
    assert taken.dropped == 1

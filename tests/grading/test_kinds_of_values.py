"""Numbers, texts, ids, choices and written answers: what is taken, told and judged."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest

from microns_widgets.errors import MasterError
from microns_widgets.grading.kinds import KINDS, alike, capture_answer, judge_answer
from tests.grading.answers import answer_of, complaints, judge_values, payload_of

A, B, C = 864691135000000001, 864691135000000002, 864691135000000003
NUMBER = answer_of("number")
IDS = answer_of("ids")


@pytest.mark.parametrize(
    "value",
    [
        12,
        12.0,
        np.int32(12),
        np.float32(12),
        np.array(12),
        np.array([12]),
        pd.Series([12]),
        [12],
        Decimal(12),
        Fraction(12),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_number_is_one_in_any_type(value):
    assert judge_values(value, 12, NUMBER).share == 1


@pytest.mark.parametrize("value", [True, "12", [1, 2], 1j, 10**30, object()])
def test_what_is_no_number_is_told_and_not_taken(value):
    found = capture_answer({"x": value}, NUMBER)
    assert found.state == "failed"
    assert "expected a number" in found.why


def test_a_whole_number_must_be_met():
    assert judge_values(863, 862, NUMBER).share == 0


def test_a_measured_number_has_a_small_tolerance_of_its_own():
    assert judge_values(1.2500001, 1.25, NUMBER).share == 1
    assert judge_values(1.26, 1.25, NUMBER).share == 0


def test_an_author_may_widen_the_tolerance():
    assert judge_values(101, 100, answer_of("number", rel=0.02)).share == 1
    assert judge_values(0.4, 0.0, answer_of("number", abs=0.5)).share == 1
    assert judge_values(0.6, 0.0, answer_of("number", abs=0.5)).share == 0


def test_a_number_outside_its_public_bounds_is_told_in_practice():
    share = answer_of("number", at_least=0, at_most=1)
    assert complaints(35.5, share) == ["is 35.5, expected at most 1."]
    assert complaints(-1, share) == ["is -1, expected at least 0."]
    assert complaints(0.5, share) == []


def test_a_count_is_whole():
    assert (
        "whole number of synapses"
        in complaints(2.5, answer_of("number", whole=True, unit="synapses"))[0]
    )


def test_a_missing_value_is_no_answer():
    for value in (float("nan"), pd.NA, None, np.inf):
        (complaint,) = complaints(value, NUMBER)
        named = "is inf," if value is np.inf else "is a missing value (None or NaN),"
        assert complaint.startswith(f"{named} expected a finite number")
        assert judge_values(value, 3, NUMBER).share == 0


def test_a_unit_that_was_mistaken_is_guessed_after_handing_in_only():
    length = answer_of("number", unit="um")
    assert complaints(12345.0, length) == []
    (says,) = judge_values(12345.0, 12.345, length).complaints
    assert "nm may have been mistaken for um" in says


def test_what_is_told_never_holds_the_key():
    for given in (1, 41.0, 42000, 4200):
        assert "42" not in " ".join(judge_values(given, 42, NUMBER).complaints).replace(
            str(given), ""
        )


def test_text_is_compared_without_capitals_and_spaces_around_it():
    assert judge_values(" Basket ", "basket", answer_of("text")).share == 1
    assert judge_values("Basket", "basket", answer_of("text", case=True)).share == 0
    assert judge_values("martinotti", "basket", answer_of("text")).share == 0


def test_a_word_that_is_not_offered_is_told():
    answer = answer_of("text", one_of=["yes", "no"])
    assert complaints("perhaps", answer) == ["is 'perhaps', expected one of 'yes', 'no'."]
    assert complaints(True, answer) == ["is True; expected text."]
    assert complaints("", answer_of("text")) == ["is empty."]


@pytest.mark.parametrize(
    "value",
    [
        [A, B],
        (B, A),
        {A, B},
        frozenset({A, B}),
        {A: 1, B: 2}.keys(),
        np.array([A, B]),
        np.array([[A], [B]]),
        pd.Series([A, B]),
        pd.Index([A, B]),
        pd.DataFrame({"pt_root_id": [A, B]}),
        pd.array([A, B], dtype="Int64"),
        pl.Series([A, B]),
        [str(A), str(B)],
    ],
    ids=lambda value: type(value).__name__,
)
def test_ids_are_a_set_in_any_type(value):
    assert judge_values(value, [A, B], IDS).share == 1


def test_ids_as_floats_have_lost_their_digits():
    found = capture_answer({"x": np.array([A, B], dtype=float)}, IDS)
    assert found.state == "failed"
    assert "loses the last digits" in found.why


def test_missing_and_surplus_ids_are_counted_not_named():
    found = judge_values([A], [A, B, C], IDS)
    assert found.share == pytest.approx(1 / 3)
    assert found.complaints == ("lacks 2 of the expected ids.",)
    assert judge_values([A, B, C], [A, B], IDS).complaints == ("contains 1 unexpected id.",)


def test_repeated_ids_are_told_and_each_costs_as_much_as_a_right_one():
    assert "3 ids, including 1 duplicate" in complaints([A, A, B], IDS)[0]
    assert judge_values([A, A, B], [A, B], IDS).share == 0.5


def test_the_order_of_ids_matters_where_it_is_asked_for():
    ranked = answer_of("ids", order="fixed")
    assert judge_values([A, B], [A, B], ranked).share == 1
    assert judge_values([B, A], [A, B], ranked).complaints == (
        "contains the expected ids in a different order.",
    )


def test_what_can_be_read_once_is_not_used_up():
    ids = iter([A, B])
    assert "only once" in capture_answer({"x": ids}, IDS).why
    assert list(ids) == [A, B]


def test_too_many_ids_are_not_sent():
    assert capture_answer({"x": range(500_000)}, IDS).state == "too large"
    assert capture_answer({"x": pd.Series(range(500_000))}, IDS).state == "too large"


CELL = answer_of("choice", accepts="good")
PAIR = answer_of("choice", accepts="good", what="pair")
SEVERAL = answer_of("choice", accepts="good", what="cells", at_least=2, at_most=3)


def accepted(values: object, answer) -> dict:
    return payload_of(values, KINDS["choice"].private(answer))


@pytest.mark.parametrize("value", [A, np.int64(A), [A], str(A)])
def test_any_cell_with_the_properties_is_a_right_choice(value):
    assert judge_values(value, B, CELL, private=accepted([A, B], CELL)).share == 1


def test_another_cell_is_a_wrong_choice():
    found = judge_values(C, B, CELL, private=accepted([A, B], CELL))
    assert found.share == 0
    assert found.complaints == ("is a cell that does not have the required properties.",)


def test_a_pair_has_a_direction():
    good = accepted([(A, B), (B, C)], PAIR)
    assert judge_values((A, B), (B, C), PAIR, private=good).share == 1
    assert judge_values((B, A), (B, C), PAIR, private=good).share == 0
    assert complaints([A], PAIR) == ["contains 1 cell, expected 2."]


def test_of_several_cells_each_must_be_right():
    good = accepted([A, B], SEVERAL)
    assert judge_values([A, B], [A, B], SEVERAL, private=good).share == 1
    assert judge_values([A, C], [A, B], SEVERAL, private=good).complaints == (
        "contains 1 cell without the required properties.",
    )
    assert complaints([A], SEVERAL) == ["contains 1 cell, expected 2 to 3."]
    assert complaints([A, A], SEVERAL) == ["contains the same cell twice."]


def test_nothing_chosen_yet_is_not_started():
    assert capture_answer({"x": ()}, CELL).state == "not started"


def test_a_choice_of_the_wrong_kind_is_recognised_among_many():
    basket_cells, other = payload_of([A, B], CELL), payload_of(C, CELL)
    assert alike(payload_of(A, CELL), basket_cells, CELL)
    assert not alike(other, basket_cells, CELL)


def test_a_written_answer_is_left_to_a_person():
    answer = answer_of("written", at_least_words=4)
    found = judge_values("The axon climbs to layer 1.", "Another text.", answer)
    assert found.share is None
    assert complaints("Too short", answer) == ["has 2 words, expected at least 4."]


def test_an_empty_written_answer_needs_no_person():
    answer = answer_of("written")
    assert judge_answer({"text": "  "}, {"text": "right"}, answer).share == 0


@pytest.mark.parametrize("kind", KINDS)
def test_untouched_and_missing_are_told_apart(kind):
    options = {"accepts": "good"} if kind == "choice" else {}
    options |= {"marks": "points"} if kind == "figure" else {}
    answer = answer_of(kind, **options)
    assert capture_answer({"x": ...}, answer).state == "not started"
    assert capture_answer({}, answer).state == "missing"


@pytest.mark.parametrize(
    ("kind", "options", "says"),
    [
        ("number", {"atleast": 3}, "has no option 'atleast'"),
        ("number", {"at_least": "3"}, "expected a number"),
        ("number", {"whole": 1}, "expected true or false"),
        ("ids", {"order": "random"}, "expected one of 'free', 'fixed'"),
        ("choice", {}, "lacks the option 'accepts'"),
        ("table", {"columns": {"n": {"kind": "count"}}}, "columns.n: kind is 'count'"),
        ("figure", {"marks": "points", "x": {"scale": "ln"}}, "expected one of 'linear', 'log'"),
    ],
)
def test_an_option_that_there_is_not_is_told_to_the_author(kind, options, says):
    with pytest.raises(MasterError, match=says.replace("(", r"\(")):
        answer_of(kind, **options).read(KINDS[kind].Options)

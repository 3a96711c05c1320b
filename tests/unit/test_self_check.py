"""Questions that readers answer for themselves: what is refused, and what a page gets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microns_widgets as mw
from microns_widgets.errors import InvalidArgument, InvalidCall, InvalidType
from microns_widgets.widgets._light_markdown import as_html

FIXTURES = Path(__file__).parents[2] / "frontend" / "test" / "fixtures"
QUESTION = "Is a connection a synapse?"
WRONG = {"Yes": "A connection may have several.", "Often": "Most have one synapse."}


def outputs(check: mw.SelfCheck) -> list[dict[str, Any]]:
    return [data for data, _ in check._outputs()]


def test_the_right_option_is_marked_and_the_others_tell_something() -> None:
    check = mw.SelfCheck(QUESTION, "No", WRONG, because="It is a pair.", name="synapses/pair")
    by_text = {option["text"]: option for option in check.options}
    assert by_text["No"] == {"text": "No", "right": True, "tells": ""}
    assert {text: by_text[text]["tells"] for text in WRONG} == WRONG
    assert (check.several, check.number) == (False, None)
    assert (check.question, check.because, check.name) == (
        QUESTION,
        "It is a pair.",
        "synapses/pair",
    )


def test_the_order_is_always_the_same_and_not_that_of_the_code() -> None:
    options = {str(number): "Not this one." for number in range(9)}
    first, second = (mw.SelfCheck(QUESTION, "9", options).options for _ in range(2))
    assert first == second
    places = {
        [option["right"] for option in mw.SelfCheck(f"{number}?", "9", options).options].index(True)
        for number in range(40)
    }
    assert len(places) > 5


def test_an_order_can_be_given() -> None:
    check = mw.SelfCheck(QUESTION, "No", WRONG, order=["Yes", "Often", "No"])
    assert [option["text"] for option in check.options] == ["Yes", "Often", "No"]


def test_several_right_options_can_be_chosen() -> None:
    check = mw.SelfCheck(QUESTION, ["No", "Never"], WRONG)
    assert check.several
    assert sorted(option["text"] for option in check.options if option["right"]) == ["Never", "No"]


@pytest.mark.parametrize(
    ("right", "within", "expected"),
    [(20, None, 0), (20.0, None, 0), (0.25, None, 0.0025), (np.float64(0.25), 0.1, 0.1)],
)
def test_how_far_off_a_number_may_be(right, within, expected) -> None:
    check = mw.SelfCheck("How many?", right, within=within, unit="µm")
    assert check.number == {"value": right, "within": expected, "unit": "µm", "wrong": []}
    json.dumps(check.number)


@pytest.mark.parametrize("right", [np.int64(3), np.array([3]), np.array(3)])
def test_a_number_may_come_from_a_calculation(right) -> None:
    assert mw.SelfCheck("How many?", right, {4: "One too many."}).number["wrong"] == [
        (4, "One too many.")
    ]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"question": " "}, InvalidArgument, "empty question. Write what is asked"),
        ({"question": 7}, InvalidType, "question=7, expected text"),
        ({"wrong": None}, InvalidArgument, "1 right and 0 wrong options. Expected at least one"),
        ({"right": []}, InvalidArgument, "0 right and 2 wrong options"),
        ({"right": "yes"}, InvalidArgument, "'yes' occurs twice. Give each option once"),
        ({"right": ["No", " No"]}, InvalidType, "does not begin or end with a space"),
        ({"right": True}, InvalidType, "Right is True. Expected a number, or text"),
        ({"right": None}, InvalidType, "Right is None"),
        ({"right": [1, 2]}, InvalidType, "Right is 1. Expected text"),
        ({"right": float("nan"), "wrong": None}, InvalidArgument, "look at how it is computed"),
        ({"wrong": ["Yes"]}, InvalidType, r"Expected a dict: \{'wrong option'"),
        ({"wrong": {"Yes": ""}}, InvalidArgument, "'Yes' tells nothing. Write what its reader"),
        ({"wrong": {"Yes": 3}}, InvalidType, "What 'Yes' tells is 3"),
        ({"wrong": {1: "One."}}, InvalidType, "An option of wrong is 1"),
        ({"within": 0.1}, InvalidArgument, "within is for numbers, .* Leave it out"),
        ({"unit": "µm"}, InvalidArgument, "unit is for numbers"),
        ({"order": ["Yes", "No"]}, InvalidArgument, "Expected each of the options once: 'No'"),
        ({"name": "Pair"}, InvalidArgument, "such as 'synapses/direction'"),
        ({"name": "synapses/__proto__"}, InvalidArgument, "such as 'synapses/direction'"),
        ({"right": 5, "wrong": {"five": "No."}}, InvalidType, "A key of wrong is 'five'"),
        (
            {"right": 5, "wrong": {5.05: "No."}, "within": 0.1},
            InvalidArgument,
            "make within smaller",
        ),
        ({"right": 5, "wrong": {}, "within": -1}, InvalidArgument, "within=-1 is below 0"),
        ({"right": 5, "wrong": {}, "order": ["5"]}, InvalidArgument, "order is for options"),
        ({"because": "\ud800"}, InvalidType, "expected text"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_cure(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        mw.SelfCheck(**{"question": QUESTION, "right": "No", "wrong": WRONG, **arguments})


def test_a_misspelled_argument_is_named() -> None:
    with pytest.raises((TypeError, InvalidCall), match="Did you mean 'because'"):
        mw.SelfCheck(QUESTION, "No", WRONG, becuase="")


def test_an_answer_cannot_be_changed_by_hand() -> None:
    check = mw.SelfCheck(QUESTION, "No", WRONG)
    with pytest.raises(Exception, match="read-only"):
        check.options = []


def test_without_python_or_javascript_there_is_the_question_and_a_folded_answer() -> None:
    check = mw.SelfCheck("Is `a < b`?", "No & never", {"<b>": "Not *this*."}, because="So.\n\nSee.")
    view, text = outputs(check)
    assert "application/vnd.jupyter.widget-view+json" in view
    html = text["text/html"]
    shown, folded = html.split("<details>")
    assert "<b>Check yourself.</b> Is <code>a &lt; b</code>?" in shown
    assert "<li>No &amp; never</li>" in shown
    assert "<li>&lt;b&gt;</li>" in shown
    assert "<p><b>“No &amp; never”</b></p><p>So.</p><p>See.</p>" in folded
    assert "Not “&lt;b&gt;”: Not <em>this</em>." in folded
    assert "“No" not in text["text/plain"]


def test_a_number_is_folded_with_its_unit() -> None:
    _, text = outputs(mw.SelfCheck("How far?", 1250.5, {1.25: "In mm."}, unit="µm"))
    assert "<b>1,250.5 µm</b>" in text["text/html"]
    assert "Not 1.25: In mm." in text["text/html"]


def test_light_markdown_is_what_the_page_shows() -> None:
    for case in json.loads((FIXTURES / "light-markdown.json").read_text(encoding="utf-8")):
        plain_quotes = as_html(case["text"]).replace('"', "&quot;")
        assert plain_quotes == case["html"].replace('"', "&quot;"), case["text"]


def test_an_exported_page_has_questions_beside_other_widgets(sample, tmp_path) -> None:
    checks = [mw.SelfCheck(QUESTION, "No", WRONG), mw.SelfCheck("</script>?", 5, {4: "<b>"})]
    text = mw.to_html([*checks, mw.CellPicker(sample)], tmp_path / "page.html").read_text()
    [state] = re.findall(r'<script type="application/json" id="state">(.*?)</script>', text)
    saved = json.loads(state)
    assert [one["module"] for one in saved] == ["self-check", "self-check", "cell-picker"]
    assert saved[1]["state"]["question"] == "</script>?"
    assert saved[1]["state"]["number"]["value"] == 5


def test_a_page_of_questions_alone_names_no_data(tmp_path) -> None:
    path = mw.to_html(mw.SelfCheck(QUESTION, "No", WRONG), tmp_path / "page.html")
    assert "<h1>Check yourself</h1>" in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"right": 10**400}, "which nobody can type"),
        ({"right": "", "wrong": WRONG}, "An option of the question is empty"),
        ({"right": "No", "wrong": {"": "Tells."}}, "An option of the question is empty"),
        ({"right": "No", "wrong": WRONG, "order": 3}, "order is 3"),
    ],
)
def test_answers_that_nobody_can_give_are_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidArgument, match=says):
        mw.SelfCheck(QUESTION, **arguments)

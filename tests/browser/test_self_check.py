"""Questions answered by hand: in notebooks, in saved ones, and on a page without Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import microns_widgets as mw
from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.server import Server
from tests.browser.touch import phone, too_small

CHECKS = """\
[
    mw.SelfCheck(
        "Is a connection a synapse?",
        "No",
        {"Yes": "Two cells with three synapses would be connected three times."},
        because="A connection is a *pair of cells*.",
        name="demo/connection",
    ),
    mw.SelfCheck(
        "What tells types apart? See `cell_type`.",
        ["Depth", "Shape"],
        {"Root id": "An id is only a name.", "Weight": "No table has it."},
        because="Both of them, together.",
        name="demo/types",
    ),
    mw.SelfCheck(
        "Which density have 95 connections of 100 cells?",
        0.0095,
        {0.019: "You counted each pair once."},
        because="95 of 10,000.",
        name="demo/density",
    ),
]"""
CELL = f"import microns_widgets as mw\nfor check in {CHECKS}:\n    display(check)"


class OnPage:
    """The questions of a page, and what a reader does with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.all = page.locator(".mw-check")
        expect(self.all).to_have_count(3, timeout=120_000)
        self.choice, self.several, self.number = (self.all.nth(place) for place in range(3))

    def answer(self, check: Locator, *options: str) -> None:
        for option in options:
            option_of(check, option).check()
        check.get_by_role("button", name="Check").click()


def option_of(check: Locator, text: str) -> Locator:
    """Return the button of an option, which may be marked as right or wrong."""
    return check.locator("label", has_text=re.compile(rf"^{text}\b")).locator("input")


def says(check: Locator, text: str) -> None:
    expect(check.locator(".mw-check-verdict")).to_contain_text(text)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Address of an exported page, whose policy allows no other script and no request."""
    checks = eval(CHECKS, {"mw": mw})
    return mw.to_html(checks, tmp_path / "checks.html", title="Checks").as_uri()


@pytest.fixture(params=["light", "dark"])
def checks(request: pytest.FixtureRequest, browser: Browser, file: str) -> Iterator[OnPage]:
    context = browser.new_context(
        color_scheme=request.param, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(file)
    yield OnPage(page)
    assert errors == []
    context.close()


def test_a_wrong_choice_tells_something_and_the_right_one_why(checks: OnPage) -> None:
    show = checks.choice.get_by_role("button", name="Show the answer")
    expect(show).to_be_hidden()
    checks.answer(checks.choice)
    says(checks.choice, "Choose an answer first.")
    expect(show).to_be_hidden()
    checks.answer(checks.choice, "Yes")
    says(checks.choice, "✗ Not right. Two cells with three synapses")
    show.click()
    expect(checks.choice.locator(".mw-check-answer")).to_contain_text("The answer: “No”")
    checks.answer(checks.choice, "No")
    says(checks.choice, "✓ Right. A connection is a pair of cells.")
    expect(checks.choice.locator("em")).to_have_text("pair of cells")
    expect(checks.choice.get_by_role("button", name="the answer")).to_be_hidden()


def test_of_several_choices_what_is_wrong_and_what_is_missing_is_named(checks: OnPage) -> None:
    checks.answer(checks.several, "Depth", "Root id")
    says(checks.several, "“Root id”: An id is only a name.")
    option_of(checks.several, "Root id").uncheck()
    checks.answer(checks.several)
    says(checks.several, "but one more is right as well")
    checks.answer(checks.several, "Shape")
    says(checks.several, "✓ Right. Both of them, together.")


def test_with_the_keyboard_alone(checks: OnPage) -> None:
    keyboard = checks.page.keyboard
    field = checks.number.get_by_label("Your answer")
    field.focus()
    keyboard.type("0,0095")
    keyboard.press("Enter")
    says(checks.number, "Is the comma in “0,0095” a decimal point? Then type 0.0095.")
    for text, verdict in (("0.019", "counted each pair once"), ("0.95 %", "✓ Right. 95 of")):
        field.fill("")
        keyboard.type(text)
        keyboard.press("Enter")
        says(checks.number, verdict)
    expect(field).to_be_focused()
    first, second = checks.choice.get_by_role("radio").all()
    first.focus()
    keyboard.press("ArrowDown")
    expect(second).to_be_checked()
    keyboard.press("Tab")
    expect(checks.choice.get_by_role("button", name="Check")).to_be_focused()
    keyboard.press("Enter")
    says(checks.choice, "ight. ")


def test_answers_are_still_there_after_a_reload_until_they_are_forgotten(checks: OnPage) -> None:
    checks.answer(checks.choice, "No")
    checks.answer(checks.several, "Weight")
    expect(checks.number).to_contain_text("1 right so far in this chapter.")
    checks.page.reload()
    again = OnPage(checks.page)
    expect(option_of(again.choice, "No")).to_be_checked()
    says(again.choice, "✓ Right.")
    says(again.several, "“Weight”: No table has it.")
    again.number.get_by_role("button", name="Forget my answers").click()
    expect(again.page.locator("input:checked")).to_have_count(0)
    expect(again.page.locator(".mw-check-footer:visible")).to_have_count(0)
    assert again.page.evaluate("() => localStorage.length") == 0
    again.page.reload()
    expect(option_of(OnPage(again.page).choice, "No")).not_to_be_checked()


def test_where_the_browser_keeps_nothing_it_says_so(browser: Browser, file: str) -> None:
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
    )
    page = context.new_page()
    page.goto(file)
    checks = OnPage(page)
    checks.answer(checks.choice, "No")
    says(checks.choice, "✓ Right.")
    expect(checks.number).to_contain_text("This browser keeps nothing")
    context.close()


def test_nothing_is_hard_to_use(checks: OnPage) -> None:
    assert serious_faults(checks.page, "main") == []
    checks.answer(checks.choice, "Yes")
    checks.choice.get_by_role("button", name="Show the answer").click()
    checks.answer(checks.several, "Depth", "Weight")
    checks.number.get_by_label("Your answer").fill("0.0095")
    checks.answer(checks.number)
    assert serious_faults(checks.page, "main") == []


def test_fingers_hit_everything_on_a_phone(browser: Browser, file: str) -> None:
    with phone(browser, file) as page:
        checks = OnPage(page)
        checks.choice.get_by_text("Yes", exact=True).tap()
        checks.choice.get_by_role("button", name="Check").tap()
        says(checks.choice, "✗ Not right.")
        assert too_small(page, ".mw-check") == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_in_a_notebook_it_is_answered_without_python_and_the_saved_one_has_all_of_it(
    open_notebook: Callable[..., Notebook], server: Server, browser: Browser
) -> None:
    notebook = open_notebook(CELL)
    notebook.run_all()
    checks = OnPage(notebook.page)
    expect(notebook.page.locator(".mw-check-text:visible")).to_have_count(0)
    checks.answer(checks.choice, "Yes")
    says(checks.choice, "three synapses")
    # Keys that delete a cell of a notebook are text in a field.
    field = checks.number.get_by_label("Your answer")
    field.click()
    notebook.page.keyboard.type("dd0.0095")
    expect(field).to_have_value("dd0.0095")
    field.fill("0.0095")
    notebook.page.keyboard.press("Enter")
    says(checks.number, "✓ Right.")
    assert notebook.foreign == []
    saved = notebook.save()
    saved.metadata.pop("widgets", None)
    # Trusted or not, it is readable where the widgets are gone.
    again = server.open(browser, saved)
    texts = again.page.locator(".mw-check-text")
    expect(texts).to_have_count(3)
    expect(texts.first).to_contain_text("Check yourself. Is a connection a synapse?")
    texts.first.locator("summary").click()
    expect(texts.first).to_contain_text("Not “Yes”: Two cells with three synapses")
    again.page.wait_for_timeout(2000)
    expect(again.page.get_by_text("Error displaying widget").locator("visible=true")).to_have_count(
        0
    )
    server.close(again)

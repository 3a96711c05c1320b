"""A teacher reviews a class by mouse, or by keyboard alone; nothing that is saved is lost."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from grading.reviewed_class import write_class
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious_faults
from tests.browser.review_page import Review, Teacher
from tests.long_cases import long_unless

pytestmark = pytest.mark.slow

HOSTILE = (
    "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
    "</textarea></style>\u202eexe.gpj\u202c {{ 7 * 7 }} ${7 * 7} &amp; =cmd|' /C calc'!A0"
)
TEXTS = {
    "Ada": "Five pairs that add up to eleven.",
    "Ben": HOSTILE,
    "Cleo": "word " * 4000,
    "Dan": "مرحبا five pairs",
}


@pytest.fixture
def reviews() -> Iterator[Callable[..., Review]]:
    """Return a function that starts a review."""
    started: list[Review] = []

    def start(folder: Path, *options: str) -> Review:
        started.append(Review(write_class(folder, TEXTS), *options))
        return started[-1]

    yield start
    for review in started:
        review.kill()


@pytest.fixture
def teachers(browser: Browser) -> Iterator[Callable[..., Teacher]]:
    """Return a function that opens a teacher's window."""
    opened: list[Teacher] = []

    def open_window(review: Review, name: str = "Tina", **options) -> Teacher:
        opened.append(Teacher(browser, review, name, **options))
        return opened[-1]

    yield open_window
    for teacher in opened:
        teacher.context.close()
        assert teacher.problems == []
        assert teacher.foreign == []


def test_by_keyboard_alone(reviews, teachers, tmp_path):
    review = reviews(tmp_path)
    tina = teachers(review)
    tina.shows("Ada")
    # A new item of the rubric counts at once for the answer that it is made for.
    tina.press("+")
    tina.type("2")
    tina.press("Tab")
    tina.type("Pairs found.")
    tina.press("Control+Enter")
    tina.press("+")
    tina.type("-0,5")
    tina.press("Enter")
    tina.saved()
    assert review.marks == {("ada", "why"): (1.5, "Pairs found.")}
    tina.press("j", "1")
    tina.shows("Ben")
    tina.press("j", "e")
    tina.type("0.75")
    tina.press("Enter", "c")
    tina.type("Too long j k 1 u")
    tina.press("Escape", "j", "1", "2")
    tina.shows("Dan")
    tina.saved()
    assert review.marks == {
        ("ada", "why"): (1.5, "Pairs found."),
        ("ben", "why"): (2, "Pairs found."),
        ("cleo", "why"): (0.75, "Too long j k 1 u"),
        ("dan", "why"): (1.5, "Pairs found."),
    }
    tina.press("u", "Control+z")
    tina.saved()
    assert ("dan", "why") not in review.marks
    tina.press("U", "Control+y")
    tina.saved()
    assert review.marks["dan", "why"] == (1.5, "Pairs found.")
    tina.press("x")
    tina.saved()
    assert ("dan", "why") not in review.marks
    # What was looked at and what is open is counted.
    expect(tina.page.locator("#questions [aria-current]")).to_contain_text(
        "4 of 4 looked at, 1 open"
    )
    tina.press("k", "o")
    tina.shows("Dan")
    tina.press("p", "p")
    expect(tina.page.locator("#work h2")).to_have_text("1.1 The total")
    tina.press("n", "a", "e")
    expect(tina.page.get_by_label("points for n_odd, of 2")).to_be_focused()


# By keyboard it is a test above.
@pytest.mark.long
def test_by_mouse(reviews, teachers, tmp_path):
    review = reviews(tmp_path)
    tina = teachers(review)
    page = tina.page
    page.get_by_role("button", name="1.1 The total").click()
    points = page.get_by_label("points for total, of 2")
    expect(points).to_have_value("2")
    points.fill("3")
    page.get_by_label("comment on total").click()
    expect(points).to_have_attribute("aria-invalid", "true")
    points.fill("1")
    page.get_by_label("comment on total").fill("Half of it.")
    page.get_by_role("button", name="Next").click()
    tina.shows("Ben")
    tina.saved()
    assert review.marks == {("ada", "total"): (1, "Half of it.")}
    page.get_by_role("button", name="1.3 Why").click()
    page.get_by_role("button", name="Side by side").click()
    page.locator(".card", has_text="Dan").click()
    tina.shows("Dan")
    page.get_by_label("points for why, of 3").fill("3")
    page.get_by_role("button", name="Write results").click()
    expect(page.get_by_role("dialog")).to_contain_text("The results are written")
    with (review.out / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["dan"]["status"], rows["dan"]["points"]) == ("final", "9")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Stop", exact=True).last.click()
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    assert review.process.wait(60) == 0


def test_reload_kill_and_restart_lose_nothing(reviews, teachers, tmp_path):
    review = reviews(tmp_path)
    tina = teachers(review)
    tina.press("e")
    tina.type("2")
    tina.press("Enter")
    tina.saved()
    tina.page.reload()
    expect(tina.page.get_by_label("points for why, of 3").first).to_be_visible()
    tina.page.locator("#questions [data-id='sums.why']").click()
    expect(tina.page.get_by_label("points for why, of 3")).to_have_value("2")
    review.kill()
    tina.press("Escape", "j", "e")
    tina.type("1")
    tina.press("Enter")
    expect(tina.page.locator("#saved")).to_contain_text("Not saved: the server does not answer.")
    assert ("ben", "why") not in review.marks
    review.start()
    tina.saved()
    assert review.marks == {("ada", "why"): (2, ""), ("ben", "why"): (1, "")}
    # What was done before the kill can be undone after it.
    tina.press("u", "u")
    tina.saved()
    assert review.marks == {}


def test_two_teachers_see_what_the_other_does(reviews, teachers, tmp_path):
    review = reviews(tmp_path)
    tina, tom = teachers(review, "Tina"), teachers(review, "Tom")
    tina.press("+")
    tina.type("1")
    tina.press("Enter")
    tina.press("c")
    tina.type("From Tina.")
    tina.press("Escape")
    panel = tom.page.locator("#points")
    expect(panel).to_contain_text("By Tina")
    expect(tom.page.get_by_label("comment on why")).to_have_value("From Tina.")
    # Each changes a part of the same mark.
    tom.press("1")
    tina.press("c")
    tina.type(" More.")
    tina.press("Escape")
    tina.saved()
    tom.saved()
    assert review.marks == {}
    tom.press("e")
    tom.type("2.5")
    tom.press("Enter")
    tom.saved()
    expect(tina.page.locator("#points")).to_contain_text("By Tom")
    assert review.marks["ada", "why"] == (2.5, "From Tina. More.")


def test_what_a_submission_wrote_is_text(reviews, teachers, tmp_path):
    review = reviews(tmp_path)
    tina = teachers(review)
    page = tina.page
    tina.press("j")
    tina.shows("Ben")
    text = page.locator("#work .text.written").first
    expect(text).to_have_text(HOSTILE.replace("\u202e", "[U+202E]").replace("\u202c", "[U+202C]"))
    tina.press("g")
    expect(page.locator(".card.current")).to_contain_text("<script>document.title")
    tina.press("j")
    tina.shows("Cleo")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.title() == "Review of results"
    assert (
        page.evaluate("document.querySelectorAll('#work script, #work img, #work style').length")
        == 0
    )


def test_names_are_hidden(reviews, teachers, tmp_path):
    tina = teachers(reviews(tmp_path, "--anonymous"))
    for _ in TEXTS:
        expect(tina.page.locator("#work")).to_contain_text("Student's cells")
        shown = tina.page.locator("#parts").inner_text()
        assert not [name for name in TEXTS if name in shown]
        tina.press("j")


def test_another_name_of_this_machine_is_refused(reviews, browser, tmp_path):
    review = reviews(tmp_path)
    context = browser.new_context()
    wrong = context.request.get(review.address, headers={"Host": "evil.example"})
    assert wrong.status == 403
    assert context.request.get(review.address.partition("?")[0]).status == 403
    context.close()


def test_requests_are_shown_beside_the_question(reviews, teachers, tmp_path):
    tina = teachers(reviews(tmp_path))
    page = tina.page
    page.get_by_role("button", name="Requests").click()
    content = "Name;Exercise;Question;Why\nBen;sums;1.2;<b>I had</b> nine\nNobody;sums;1;x\n"
    page.get_by_label("CSV file with the columns").set_input_files(
        {"name": "r.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 requests, 2 not answered.")
    expect(dialog).to_contain_text("Nobody with this id or name handed anything in.")
    dialog.get_by_role("button", name="Ben").click()
    tina.shows("Ben")
    expect(page.locator("#work h2")).to_have_text("1.2 Odd numbers")
    expect(page.locator("#work .request")).to_contain_text("<b>I had</b> nine")
    page.get_by_label("Show").select_option("requests")
    expect(page.locator("#questions [aria-current]")).to_contain_text("1 request")
    page.get_by_role("button", name="Answered").click()
    expect(page.locator("#work .request")).to_contain_text("Request, answered")
    tina.saved()


@pytest.mark.parametrize(
    ("scheme", "width"),
    long_unless(
        [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)],
        lambda case: case in {("light", 1280), ("dark", 390)},
    ),
)
def test_it_is_accessible_and_fits(reviews, browser, tmp_path, scheme, width):
    review = reviews(tmp_path)
    tina = Teacher(
        browser,
        review,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        # axe is a script from elsewhere.
        bypass_csp=True,
    )
    page = tina.page
    for keys in ((), ("+",), ("Escape", "j"), ("j", "g"), ("g", "p"), ("?",)):
        tina.press(*keys)
        page.wait_for_timeout(300)
        assert serious_faults(page, "body") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    tina.context.close()

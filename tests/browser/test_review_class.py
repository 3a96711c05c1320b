"""A teacher looks at a class in a review: the analysis, similar work, and the list of students."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from grading.reviewed_class import write_class
from playwright.sync_api import expect

from microns_widgets.grading.analysis.analysis import (
    Analysis,
    Excerpt,
    ExerciseAnalysis,
    ForeignAnswers,
    Pair,
    Passage,
    Times,
    write_analysis,
)
from microns_widgets.grading.report.kept import keep, read_kept
from tests.browser.accessibility import serious_faults
from tests.browser.review_page import Review, Teacher

pytestmark = pytest.mark.slow

NAMES = ("Ada Lovelace", "Zoë Müller", "O'Neil, Ann", "🦊 Fox", "<b>Bo</b>", "محمد علي")
HOSTILE = "<img src=x onerror=\"document.title='owned'\">\nx = 1"


def _pair(first: str, second: str) -> Pair:
    sides = Excerpt((1,), HOSTILE, (1,)), Excerpt((2,), "y = 1\n" + "z = 2 " * 60, (0,))
    passage = Passage("sums.why", "1.3", "code", 0.5, *sides)
    reason = f"{first} and {second} wrote a line that nobody else wrote."
    return Pair(first.lower(), second.lower(), first, second, 40.0, 0.62, (reason,), (passage,))


@pytest.fixture
def review(tmp_path: Path):
    """A class in which two went the same wrong way, and two wrote the same."""
    out = write_class(tmp_path, dict.fromkeys(NAMES, "five pairs"))
    kept = read_kept(out)

    def wrong(one):
        first, *others = one.marks
        answers = tuple(replace(a, points=0.0, summary="54") for a in first.answers)
        return replace(one, marks=(replace(first, answers=answers), *others))

    keep(out, replace(kept, graded=[*kept.graded[:4], *map(wrong, kept.graded[4:])]))
    times = Times(6, 1.7e9, 1.7e9 + 86400, 2, 1.7e9 + 80000, True, 1, (1, 0, 3, 2), "the roster")
    who = [name.lower() for name in NAMES]
    foreign = ForeignAnswers(who[1], NAMES[1], ("total",), (who[0],), (NAMES[0],), "")
    pairs = (_pair(*NAMES[:2]), _pair(NAMES[4], NAMES[5]))
    one = ExerciseAnalysis("sums", "Sums", 6, (), times, 20, pairs, (foreign,), ("A note.",))
    write_analysis(out, Analysis((one,)))
    started = Review(out)
    yield started
    started.kill()


@pytest.fixture
def teacher(review, browser):
    tina = Teacher(browser, review)
    yield tina
    tina.context.close()
    assert tina.problems == []
    assert tina.foreign == []


def test_the_analysis_leads_to_answers(teacher):
    page = teacher.page
    page.get_by_role("button", name="Analysis").click()
    box = page.get_by_role("dialog")
    row = box.get_by_role("row", name="1.1 The total")
    expect(row).to_contain_text("67 % 4 of 6")
    expect(box.get_by_role("row", name="1.3 Why")).to_contain_text("6 open")
    expect(box).to_contain_text("2 handed in within the last hour")
    box.get_by_role("button", name="2 students").click()
    teacher.shows("<b>Bo</b>")
    expect(page.locator("#work .head")).to_contain_text("Only: 54")
    expect(page.locator("#work .place")).to_have_text("1 of 2")
    teacher.press("j")
    teacher.shows("محمد علي")
    # Another question shows all of its answers again.
    teacher.press("n")
    expect(page.locator("#work .place")).to_have_text("1 of 6")
    assert "picked" not in page.get_by_label("Show").inner_text()


def test_the_analysis_follows_the_marks(teacher):
    page = teacher.page
    teacher.press("e")
    teacher.type("3")
    teacher.press("Enter")
    teacher.saved()
    page.get_by_role("button", name="Analysis").click()
    box = page.get_by_role("dialog")
    expect(box.get_by_role("row", name="1.3 Why")).to_contain_text("100 % 1 of 1")
    expect(box).to_contain_text("Points of 1 notebook on which everything is decided: mean 9")


def test_similar_passages_are_text_and_lead_to_both(teacher):
    page = teacher.page
    page.get_by_role("button", name="Analysis").click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("Similar work: 2 of 190 pairs")
    expect(box).to_contain_text("Read them, then ask both students.")
    expect(box).to_contain_text("total, wrong for these cells, right for those of Ada Lovelace.")
    assert box.locator("pre").count() == 0
    box.locator("summary").first.press("Enter")
    passage = box.get_by_role("region", name="passage of Ada Lovelace")
    expect(passage).to_contain_text("<img src=x onerror=")
    expect(passage.locator("mark")).to_have_text("x = 1")
    assert box.locator("img").count() == 0
    box.get_by_role("button", name="Zoë Müller").click()
    teacher.shows("Zoë Müller")
    expect(page.locator("#work h2")).to_have_text("1.3 Why")
    assert page.title() == "Review of results"


def test_an_answer_that_was_overtaken_takes_nothing_back(teacher, review):
    page = teacher.page
    home = review.address.partition("/?")[0]
    works = page.evaluate("fetch('/data').then((answer) => answer.json())")["works"]
    work = next(id for id, one in works.items() if one["name"] == NAMES[0])
    change = {"id": "1", "who": "Tom", "n": 0, "kind": "mark", "work": work, "answer": "why"}
    late = []

    def hold(route):
        # The news of Tom's change is still on its way when Tina changes the same mark.
        request = teacher.context.request
        data = {**change, "patch": {"points": 1}}
        assert request.post(f"{home}/change", headers={"Origin": home}, data=data).ok
        late.append((route, route.fetch()))

    page.route("**/changes/*", hold)
    page.wait_for_timeout(4000)
    teacher.press("e")
    teacher.type("2")
    teacher.press("Enter")
    teacher.saved()
    [(route, response)] = late
    assert response.json()["marks"][0]["points"] == 1
    route.fulfill(response=response)
    page.wait_for_timeout(500)
    expect(page.get_by_label("points for why, of 3")).to_have_value("2")


def test_a_student_is_found_by_part_of_the_name(teacher):
    page = teacher.page
    teacher.press("s")
    expect(page.get_by_role("dialog")).to_contain_text("6 of 6")
    teacher.type("muller")
    expect(page.get_by_role("dialog")).to_contain_text("1 of 6")
    teacher.press("Enter")
    teacher.shows("Zoë Müller")
    page.get_by_role("button", name="2 of 6").click()
    teacher.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    teacher.shows("O'Neil, Ann")


def test_an_item_says_how_often_it_is_used(teacher):
    page = teacher.page
    teacher.press("+")
    teacher.type("1")
    teacher.press("Enter", "j", "1")
    item = page.locator("#points .item")
    expect(item).to_contain_text("×2")
    teacher.press("1")
    expect(item).to_contain_text("×1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_class_is_accessible_and_fits(review, browser, scheme, width):
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    # axe is a script from elsewhere.
    tina = Teacher(browser, review, bypass_csp=True, **options)
    page = tina.page
    page.get_by_role("button", name="Analysis").click()
    box = page.get_by_role("dialog")
    box.locator("summary").first.click()
    expect(box.locator("pre").first).to_be_visible()
    assert serious_faults(page, "body") == []
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    tina.press("Escape", "s")
    expect(box).to_contain_text("6 of 6")
    assert serious_faults(page, "body") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tina.context.close()


@pytest.mark.parametrize("key", ["s", "?", "+"])
def test_escape_closes_every_dialog(teacher, key):
    teacher.press(key)
    expect(teacher.page.get_by_role("dialog")).to_be_visible()
    teacher.press("Escape")
    expect(teacher.page.get_by_role("dialog")).to_be_hidden()
    teacher.press("j")
    teacher.shows("Zoë Müller")

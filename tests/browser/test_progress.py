"""Progress on the site: counted from the browser's storage, shown on each page, and forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.accessibility import serious_faults
from tests.browser.built_site import Visit

CHAPTER = "course/start.html"
QUESTIONS = 3


@pytest.fixture(params=["http", "file"])
def site(request: pytest.FixtureRequest) -> str:
    """Return the site's address, on a server and on the disk in turn."""
    address: str = request.getfixturevalue(f"site_by_{request.param}")
    return address


@pytest.fixture
def chapter(site: str, visit_site: Callable[..., Visit]) -> Visit:
    return visit_site(site, CHAPTER)


def question(visit: Visit, words: str) -> Locator:
    """Scroll to a question, which is then loaded."""
    visit.page.locator(
        ".mw-check-text, .mw-check", has_text=words
    ).first.scroll_into_view_if_needed()
    loaded = visit.page.locator(".mw-check", has_text=words)
    expect(loaded).to_be_visible()
    return loaded


def answer(visit: Visit, words: str, option: str) -> None:
    check = question(visit, words)
    check.locator("label", has_text=option).click()
    check.get_by_role("button", name="Check").click()


def test_progress_is_counted_survives_a_reload_and_is_forgotten(chapter: Visit, site: str) -> None:
    page = chapter.page
    line = page.locator("p.mw-progress")
    expect(line).to_have_text(
        f"Check yourself: {QUESTIONS} questions. Answers stay in this browser; nothing is sent "
        "anywhere. Forget my answers"
    )
    forget = page.get_by_role("button", name="Forget my answers").first
    expect(forget).to_be_hidden()
    answer(chapter, "Martinotti", "Nothing yet")
    answer(chapter, "panel", "mistyped")
    expect(line).to_contain_text(f"1 of {QUESTIONS} questions right.")
    count = page.locator(".bd-sidebar-primary .mw-progress-count", has_text="/")
    expect(count).to_have_text(f"1/{QUESTIONS}")
    page.goto(f"{site}/index.html")
    listed = page.locator(".mw-progress-list")
    expect(listed).to_contain_text(f"Start here: 1 of {QUESTIONS} questions right")
    # On the disk, axe would ask for the style sheets, which it may not.
    assert site.startswith("file") or serious_faults(page, ".mw-progress-list") == []
    listed.get_by_role("link", name="Start here").click()
    expect(line).to_contain_text(f"1 of {QUESTIONS} questions right.")
    check = question(chapter, "Martinotti")
    expect(check.locator("input:checked")).to_have_count(1)
    expect(check).to_contain_text(f"1 of {QUESTIONS} right in this chapter.")
    forget.click()
    expect(line).to_contain_text(f"Check yourself: {QUESTIONS} questions.")
    expect(check.locator("input:checked")).to_have_count(0)
    expect(count).to_have_count(0)
    assert page.evaluate("() => localStorage.getItem('microns-widgets/checks/start')") is None
    expect(line.locator("span")).to_be_focused()
    assert (chapter.foreign, chapter.missing, chapter.errors) == ([], [], [])


@pytest.mark.parametrize("site", ["http"], indirect=True)
def test_the_answers_of_all_chapters_are_forgotten_on_the_first_page(
    chapter: Visit, site: str
) -> None:
    answer(chapter, "Martinotti", "Nothing yet")
    chapter.page.goto(f"{site}/index.html")
    listed = chapter.page.locator(".mw-progress-list")
    listed.get_by_role("button", name="Forget my answers").click()
    expect(listed).to_have_text("Your answers are forgotten.")
    expect(listed).to_be_focused()
    assert (
        chapter.page.evaluate("() => localStorage.getItem('microns-widgets/checks/start')") is None
    )
    chapter.page.reload()
    expect(listed).to_be_hidden()


@pytest.mark.parametrize("site", ["http"], indirect=True)
def test_questions_are_as_wide_as_the_text_and_axe_finds_no_fault(chapter: Visit) -> None:
    check = question(chapter, "Martinotti")
    answer(chapter, "Martinotti", "Nothing yet")
    paragraph = chapter.page.locator(".bd-article p").first.bounding_box()
    box = check.bounding_box()
    assert paragraph
    assert box
    assert box["width"] <= paragraph["width"] + 40
    for theme in ("light", "dark"):
        chapter.switch_theme(theme)
        expect(check).to_have_attribute("data-theme", theme)
        assert serious_faults(chapter.page, ".bd-article") == []


def test_without_javascript_a_question_has_a_folded_answer(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}")
    text = page.locator(".mw-check-text", has_text="Martinotti")
    expect(text).to_be_visible()
    expect(text.get_by_text("Run it on version 1300")).to_be_hidden()
    text.locator("summary").click()
    expect(text.get_by_text("Run it on version 1300")).to_be_visible()
    expect(page.locator("pre", has_text="mw.SelfCheck")).to_have_count(0)
    context.close()

"""The check reports what axe-core calls serious, and nothing else."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.accessibility import serious_faults


def test_a_picture_without_words_is_a_serious_fault_and_one_with_words_is_none(
    browser: Browser,
) -> None:
    page = browser.new_page()
    page.set_content('<main><img src="data:,"><h1></h1></main>')
    [fault] = serious_faults(page, "main")
    assert fault.startswith("image-alt: ")
    assert '<img src="data:,">' in fault
    page.set_content('<main><img src="data:," alt="A cell"></main>')
    assert serious_faults(page, "main") == []
    page.close()

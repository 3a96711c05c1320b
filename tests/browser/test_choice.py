"""A choice by hand in each host: it is shown below the widget, and saved."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from microns_widgets.grading.choices import choices_in, read_choices
from tests.browser.hosts import Notebook

QUESTION = "by_hand.martinotti"
CELLS = (
    "import microns_widgets as mw\ncon = mw.load(quiet=True)\npicker = mw.CellPicker(con); picker",
    f"martinotti = mw.choice({QUESTION!r}, picker)",
    f"mw.check({QUESTION!r})",
)


def test_a_click_is_shown_saved_and_restored(open_notebook: Callable[..., Notebook]) -> None:
    notebook = open_notebook(*CELLS)
    page, kernel = notebook.page, notebook.kernel
    notebook.run_all()
    expect(page.get_by_text("nothing is chosen yet").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Not started. Choose in the widget").first).to_be_visible()
    expect(page.locator(".mw-row").first).to_be_visible(timeout=120_000)
    page.locator(".mw-row").first.click()
    first = kernel.value("int(con.select(proofread='axon_fully_extended')[0])")
    kernel.expect("list(martinotti.ids)", [first])
    # The line below the widget follows; it is not a second line.
    expect(page.get_by_text(f"chosen {first}").first).to_be_visible()
    expect(page.get_by_text("nothing is chosen yet")).to_have_count(0)
    saved = notebook.save()
    assert choices_in(saved.cells) == {QUESTION: [str(first)]}
    assert read_choices(notebook.path.with_name("choices.json")) == {QUESTION: [str(first)]}
    kernel.run("again = mw.CellPicker(con); mw.choice('5.1', again)")
    kernel.expect("again.value", first)
    assert notebook.errors == []

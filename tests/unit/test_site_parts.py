"""The parts of which the site is built, each by itself."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site import build_site
from microns_widgets.site.book import check_weights, run_jupyter_book
from microns_widgets.site.course import Course
from microns_widgets.site.page_code import STATE, modules, name_modules, write_script

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course_folder(tmp_path):
    """Return the folder of a course of one text."""
    (tmp_path / "_config.yml").write_text("title: Small\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "index.md").write_text("# Small\n")
    return tmp_path


def saved_notebook(*codes):
    states = {
        str(number): {"state": {"_esm": code, "_css": ".a {}", "cells": ["1"]}}
        for number, code in enumerate(codes)
    }
    return nbformat.v4.new_notebook(metadata={"widgets": {STATE: {"state": states}}})


def test_pages_are_listed_in_reading_order_at_any_depth(course_folder):
    for name in ("a.ipynb", "b.md", "exercises/c.ipynb"):
        (course_folder / name).parent.mkdir(exist_ok=True)
        (course_folder / name).touch()
    (course_folder / "_toc.yml").write_text(
        "root: index\nparts:\n- chapters:\n  - file: a\n    sections:\n    - file: b\n"
        "- chapters:\n  - file: exercises/c.ipynb\n"
    )
    course = Course(course_folder)
    assert [str(page) for page in course.pages] == [
        "index.md",
        "a.ipynb",
        "b.md",
        "exercises/c.ipynb",
    ]
    assert [str(page) for page in course.executed] == ["a.ipynb"]


def test_a_page_that_is_not_there_is_named(course_folder):
    (course_folder / "_toc.yml").write_text("root: nowhere\n")
    with pytest.raises(SiteNotBuilt, match=r"_toc\.yml names nowhere"):
        _ = Course(course_folder).pages


def test_a_folder_without_a_course_is_refused(tmp_path):
    with pytest.raises(SiteNotBuilt, match=r"has no _config\.yml"):
        Course(tmp_path)


def test_the_colab_button_of_the_first_page_leads_to_the_repository():
    repository = Course(ROOT).config["repository"]
    place = repository["url"].removeprefix("https://github.com/")
    buttons = re.findall(r"\{button-link\} (\S+)", (ROOT / "index.md").read_text(encoding="utf-8"))
    colab = f"https://colab.research.google.com/github/{place}/blob/{repository['branch']}/"
    assert buttons == [f"{colab}course/start.ipynb"]


def test_saved_widgets_name_their_module_and_keep_what_they_show():
    code = modules()["cell-picker"]["esm"]
    notebook = saved_notebook(code, code)
    assert name_modules(notebook) == 2
    for model in notebook.metadata.widgets[STATE]["state"].values():
        assert 'micronsWidgets("cell-picker")' in model["state"]["_esm"]
        assert model["state"]["_css"] == ""
        assert model["state"]["cells"] == ["1"]


def test_a_widget_of_somebody_else_is_refused():
    with pytest.raises(SiteNotBuilt, match="not from this package"):
        name_modules(saved_notebook("export default {}"))


def test_the_script_has_the_code_of_each_widget_once(tmp_path):
    write_script(tmp_path, {"synthetic sample": ["1"]})
    text = (tmp_path / "microns-widgets.js").read_text(encoding="utf-8")
    for code in modules().values():
        assert text.count(json.dumps(code["esm"])) == 1


def test_a_page_that_is_too_heavy_is_named_with_its_weight(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images" / "large.png").write_bytes(bytes(8_000_000))
    for name, text in (("light", ""), ("heavy", '<img alt="" src="_images/large.png">')):
        (tmp_path / f"{name}.html").write_text(text)
    assert check_weights(tmp_path, [Path("light.md")]) == {Path("light.md"): 0.0}
    with pytest.raises(SiteNotBuilt, match=r"heavy\.md: 8\.0 MB"):
        check_weights(tmp_path, [Path("light.md"), Path("heavy.md")])


@pytest.mark.slow
@pytest.mark.long
def test_a_site_that_is_there_stays_when_a_notebook_fails(course_folder):
    html = course_folder / "_build" / "html"
    html.mkdir(parents=True)
    (html / "index.html").write_text("the old one")
    (course_folder / "site").symlink_to(ROOT / "site")
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(broken, course_folder / "broken.ipynb")
    (course_folder / "_toc.yml").write_text("root: index\nchapters:\n- file: broken\n")
    with pytest.raises(SiteNotBuilt, match="ZeroDivisionError"):
        build_site(course_folder)
    assert (html / "index.html").read_text() == "the old one"
    assert [path.name for path in html.parent.iterdir()] == ["html"]
    assert nbformat.read(course_folder / "broken.ipynb", as_version=4).cells[0].outputs == []


@pytest.mark.slow
def test_a_warning_of_the_book_is_an_error_that_names_the_page(course_folder):
    (course_folder / "index.md").write_text("# Small\n\n[nowhere](nowhere.ipynb)\n")
    with pytest.raises(SiteNotBuilt, match=r"\nindex\.md:3: WARNING.*nowhere\.ipynb"):
        run_jupyter_book(course_folder, course_folder / "book")

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
from microns_widgets.site.page_code import modules, write_code
from microns_widgets.site.page_files import PageFiles
from microns_widgets.site.place_widgets import place_widgets, states_on
from microns_widgets.site.progress import question_names, write_progress
from microns_widgets.site.saved_widgets import STATE, VIEW

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course_folder(tmp_path):
    """Return the folder of a course of one text."""
    (tmp_path / "_config.yml").write_text("title: Small\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "index.md").write_text("# Small\n")
    return tmp_path


PICKER, VIEWER = "1" * 32, "2" * 32
DATA = "A" * 5000
PAGE = Path("course/page.ipynb")


def saved_notebook(*shown, **models):
    """Return a notebook with these views and states of models, by id."""
    outputs = [
        nbformat.v4.new_output("display_data", {VIEW: {"model_id": model_id}}) for model_id in shown
    ]
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {STATE: {"state": models}}})
    notebook.cells = [nbformat.v4.new_code_cell("", outputs=outputs)]
    return notebook


def model(module, buffers=(), **state):
    code = modules()[module]["esm"] if module in modules() else module
    return {
        "model_name": "AnyModel",
        "state": {"_esm": code, "_css": ".a {}", "layout": "IPY_MODEL_3", **state},
        "buffers": [{"path": path, "encoding": "base64", "data": data} for path, data in buffers],
    }


def states_in(notebook, folder):
    """Return the states that the places of a notebook load."""
    text = "".join(output.data["text/html"] for output in notebook.cells[0].outputs)
    files = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in states_on(text)]
    return [json.loads(file[file.index(", ") + 2 : file.rindex(")")]) for file in files]


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


def test_a_view_becomes_a_place_and_a_state_without_code(tmp_path):
    notebook = saved_notebook(PICKER, **{PICKER: model("cell-picker", cells=["1"])})
    assert place_widgets(notebook, PAGE, PageFiles(tmp_path), {}) == 1
    assert STATE not in notebook.metadata.widgets
    [[widget]] = states_in(notebook, tmp_path)
    assert widget == {
        "id": PICKER,
        "module": "cell-picker",
        "label": "Cell picker",
        "state": {"cells": ["1"]},
    }
    text = notebook.cells[0].outputs[0].data["text/html"]
    assert f'data-shows="{PICKER}"' in text
    assert 'src="../vendor/microns-widgets.js"' in text


def test_linked_widgets_share_a_state_and_others_do_not(tmp_path):
    other = "4" * 32
    notebook = saved_notebook(
        PICKER,
        VIEWER,
        other,
        **{
            PICKER: model("cell-picker", linked={VIEWER: "viewer"}),
            VIEWER: model(
                "skeleton-viewer", linked={PICKER: "picker"}, data={}, world={"source": ""}
            ),
            other: model("cell-picker"),
        },
    )
    place_widgets(notebook, PAGE, PageFiles(tmp_path), {})
    ids = [[widget["id"] for widget in state] for state in states_in(notebook, tmp_path)]
    assert ids == [[PICKER, VIEWER], [other]]


def test_widgets_in_a_box_are_shown_one_after_the_other_without_a_token_panel(tmp_path):
    box, panel = "5" * 32, "6" * 32
    children = [f"IPY_MODEL_{child}" for child in (panel, PICKER)]
    notebook = saved_notebook(
        box,
        **{
            box: {"model_name": "VBoxModel", "state": {"children": children}},
            panel: model("token-panel"),
            PICKER: model("cell-picker"),
        },
    )
    place_widgets(notebook, PAGE, PageFiles(tmp_path), {})
    assert f'data-shows="{PICKER}"' in notebook.cells[0].outputs[0].data["text/html"]


def test_a_table_that_two_pages_show_is_stored_once(tmp_path):
    files = PageFiles(tmp_path)
    for page in ("a.ipynb", "b.ipynb"):
        picker = model("cell-picker", buffers=[(["data"], DATA)])
        notebook = saved_notebook(PICKER, **{PICKER: picker})
        place_widgets(notebook, Path(page), files, {})
        [[widget]] = states_in(notebook, tmp_path)
        assert widget["state"]["data"].keys() == {"base64_file"}
    [file] = (tmp_path / "data").iterdir()
    assert DATA in file.read_text(encoding="utf-8")


def test_cells_that_have_a_file_are_left_out_of_a_viewers_state(tmp_path):
    data = {"1": {"about": 1}, "2": {"about": 2}}
    viewer = model("skeleton-viewer", data=data, world={"source": "sample"})
    notebook = saved_notebook(VIEWER, **{VIEWER: viewer})
    place_widgets(notebook, PAGE, PageFiles(tmp_path), {"sample": ["1"]})
    [[widget]] = states_in(notebook, tmp_path)
    assert widget["state"]["data"] == {"2": {"about": 2}}


@pytest.mark.parametrize(
    ("widget", "problem"),
    [
        (model("export default {}"), "not from this package"),
        ({"model_name": "ButtonModel", "state": {}}, "widget of another package"),
    ],
)
def test_a_widget_of_somebody_else_is_refused(tmp_path, widget, problem):
    notebook = saved_notebook(PICKER, **{PICKER: widget})
    with pytest.raises(SiteNotBuilt, match=problem):
        place_widgets(notebook, PAGE, PageFiles(tmp_path), {})


def test_the_code_of_the_widgets_is_one_file(tmp_path):
    write_code(PageFiles(tmp_path))
    text = (tmp_path / "code.js").read_text(encoding="utf-8")
    for code in modules().values():
        assert json.dumps(code["css"])[1:-1] in text


def test_a_page_that_is_too_heavy_is_named_with_its_weight(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images" / "large.png").write_bytes(bytes(3_000_001))
    for name, text in (("light", ""), ("heavy", '<img alt="" src="_images/large.png">')):
        (tmp_path / f"{name}.html").write_text(text)
    assert check_weights(tmp_path, [Path("light.md")]) == {Path("light.md"): 0.0}
    with pytest.raises(SiteNotBuilt, match=r"heavy\.md: 3\.0 MB"):
        check_weights(tmp_path, [Path("light.md"), Path("heavy.md")])


def test_the_widgets_of_a_page_have_a_limit_of_their_own(tmp_path):
    picker = model("cell-picker", buffers=[(["data"], "A" * 7_000_000)])
    notebook = saved_notebook(PICKER, **{PICKER: picker})
    place_widgets(notebook, Path("page.ipynb"), PageFiles(tmp_path / "vendor"), {})
    (tmp_path / "page.html").write_text(notebook.cells[0].outputs[0].data["text/html"])
    with pytest.raises(SiteNotBuilt, match=r"page\.ipynb with its widgets: 7\.0 MB"):
        check_weights(tmp_path, [Path("page.ipynb")])


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


def test_a_question_is_as_wide_as_the_text_and_keeps_its_words_until_it_has_loaded(tmp_path):
    notebook = saved_notebook("a", "b", a=model("self-check", name=""), b=model("cell-picker"))
    notebook.cells[0].outputs.append(
        nbformat.v4.new_output(
            "display_data", {"text/html": '<div class="mw-check-text">Is it?</div>'}
        )
    )
    place_widgets(notebook, Path("course/shape.ipynb"), PageFiles(tmp_path), {})
    texts = [output.data["text/html"] for output in notebook.cells[0].outputs]
    assert sum('class="mw-site-place"' in text for text in texts) == 1
    assert sum('class="mw-site-place full-width"' in text for text in texts) == 1
    assert any("Is it?" in text for text in texts)
    assert len(states_on("".join(texts))) == 2


def test_the_pages_know_the_questions_of_each_chapter(tmp_path):
    notebook = saved_notebook(
        a=model("self-check", name="shape/edges"),
        b=model("self-check", name=""),
        c=model("self-check", name="shape/cable"),
        d=model("cell-picker"),
    )
    assert question_names(notebook) == ["shape/edges", "shape/cable"]
    write_progress(tmp_path, {Path("course/shape.ipynb"): question_names(notebook)})
    call = (tmp_path / "progress.js").read_text(encoding="utf-8").splitlines()[-1]
    chapters = [{"page": "course/shape.html", "chapter": "shape", "names": ["edges", "cable"]}]
    assert call == (
        f'micronsProgress("microns-widgets/checks/", "microns-checks", {json.dumps(chapters)});'
    )

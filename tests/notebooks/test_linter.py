"""A notebook that breaks one rule is found by that rule, and by no other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks.good_notebook import good_notebook, write
from tools.lint_notebooks.__main__ import RULES, lint, set_install_cell
from tools.lint_notebooks.conventions import (
    ROOT,
    UNTESTABLE,
    install_cell,
    repository_url,
    wheel_url,
)
from tools.lint_notebooks.notebook import Notebook

Change = Callable[[dict[str, Any]], object]


def cell(raw: dict[str, Any], cell_id: str) -> dict[str, Any]:
    return next(cell for cell in raw["cells"] if cell["id"] == cell_id)


def replaced(cell_id: str, old: str, new: str) -> Change:
    """Return a change of some words of a cell's source."""

    def change(raw: dict[str, Any]) -> None:
        target = cell(raw, cell_id)
        assert old in target["source"]
        target["source"] = target["source"].replace(old, new)

    return change


def added(cell_id: str, text: str) -> Change:
    """Return a change that adds to a cell's source."""
    return lambda raw: cell(raw, cell_id).update(source=cell(raw, cell_id)["source"] + text)


def metadata(cell_id: str, **values: Any) -> Change:
    return lambda raw: cell(raw, cell_id).update(metadata=values)


def alt(text: str) -> Change:
    return metadata("sizes", mystnb={"image": {"alt": text}})


QUESTION = """\
# @title Check yourself: run this cell, then answer
mw.SelfCheck(
    "Is a connection a synapse?",
    right="No",
    wrong={"Yes": "It may have several."},
    because="It is a pair of cells.",
    name="synapses/pair",
)"""
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["remove-input"]}


def asked(old: str = "", new: str = "", **changes: Any) -> Change:
    """Return a change that adds a question with some words replaced, or other metadata."""
    assert old in QUESTION

    def change(raw: dict[str, Any]) -> None:
        source = QUESTION.replace(old, new) if old else QUESTION
        question = {**cell(raw, "count"), "id": "question-pair", "metadata": FOLDED}
        raw["cells"].insert(5, {**question, "source": source, **changes})

    return change


def asked_twice(raw: dict[str, Any]) -> None:
    asked()(raw)
    asked(id="question-again")(raw)


BROKEN: dict[str, list[Change]] = {
    "current_format": [
        lambda raw: raw.update(nbformat_minor=4),
        lambda raw: raw["metadata"].pop("kernelspec"),
    ],
    "no_outputs": [
        lambda raw: cell(raw, "count").update(execution_count=3),
        lambda raw: cell(raw, "count").update(outputs=[{"output_type": "stream"}]),
        lambda raw: raw["metadata"].update(widgets={}),
    ],
    "ids_are_words": [
        lambda raw: cell(raw, "count").update(id="a41f93c2"),
        lambda raw: cell(raw, "count").update(id="summary"),
        lambda raw: cell(raw, "count").pop("id"),
    ],
    "one_title": [
        added("count-text", "\n\n# Again"),
        replaced("title", "# Synapses", "**Synapses**"),
    ],
    "headings_without_gaps": [added("count-text", "\n\n#### Far down")],
    "links_resolve": [
        added("count-text", " See [shapes](shape.ipynb)."),
        added("count-text", " ![A drawing of one synapse from the side](synapse.png)"),
        added("count-text", " See [shapes](/course/shape.ipynb)."),
    ],
    "digital_object_identifiers": [replaced("summary", "(https://doi.org/10.1038/s41586-025-", "(https://doi.org/10.1038/s41586-024-")],
    "addresses_of_data": [
        added("count-text", " From https://globalv1.em.brain.allentech.org here."),
        added("count", '\nurl = "https://example.org/synapses.feather"'),
    ],
    "plain_markdown": [
        added("count-text", "\n\n```{note}\nNot in Colab.\n```"),
        added("count-text", "\n\n$$p = \\frac{k}{n}$$"),
    ],
    "folds_everywhere": [
        replaced("check-pair", "</summary>\n\n", "</summary>\n"),
        replaced("check-pair", "\n\n</details>", ""),
        replaced("check-pair", "No: it is a pair of cells.\n\n", ""),
    ],
    "objectives_can_be_tested": [
        replaced("title", "- count the synapses", "- understand the synapses"),
        replaced("title", "- tell a synapse", "- see that a synapse"),
        replaced("title", " (5 minutes)", ""),
        replaced("title", "can**\n\n- count", "have seen**\n\n- count"),
    ],
    "minutes_add_up": [
        replaced("count-text", "(5 minutes)", "(4 minutes)"),
        replaced("count-text", " (5 minutes)", ""),
        replaced("title", "of a cell (5 minutes)", "of a cell (6 minutes)"),
        replaced("title", "**Time:** 15 minutes.", "It takes a while."),
    ],
    "a_check_in_fifteen_minutes": [
        replaced("check-pair", "Check yourself.", "More."),
    ],
    "predict_then_explain": [
        replaced("check-pair", "**Explain.** ", ""),
        added("count-text", "\n\n**Predict.** How many?"),
    ],
    "ends_with_a_summary": [
        replaced("summary", "## In short", "## Sources (0 minutes)"),
        replaced("summary", "- Sizes are in voxels.\n", ""),
    ],
    "asks_for_feedback": [replaced("summary", "/issues/new", "/pulls")],
    "references_with_dois": [
        added("summary", "\n- Anonymous 2025, somewhere"),
        replaced("summary", "**References**", "By"),
        replaced("summary", "\n- MICrONS", "\nMICrONS"),
    ],
    "installs_first": [
        replaced("install", "--quiet", "--upgrade"),
        metadata("install"),
        lambda raw: cell(raw, "install").update(id="setup"),
    ],
    "version_from_outside": [
        replaced("data", 'os.environ.get("MICRONS_VERSION", "sample")', '"sample"'),
        replaced("data", "mw.load(VERSION)", "mw.load(client=client)"),
        lambda raw: cell(raw, "data").update(id="data-sample"),
    ],
    "only_that_version": [
        added("count", "\nother = mw.load()"),
        added("count", "\nother = mw.load(1300)"),
        added("count", "\nmine = 864691135000000000"),
    ],
    "folded_questions": [
        asked("# @title Check yourself: run this cell, then answer\n", ""),
        asked(metadata={**FOLDED, "tags": []}),
        asked(metadata={**FOLDED, "jupyter": {}}),
        asked(metadata={}),
        asked(source=QUESTION + QUESTION.replace("pair", "again").replace("# @title", "\n#")),
    ],
    "names_of_questions": [
        asked("synapses/pair", "shape/pair"),
        asked('    name="synapses/pair",\n', ""),
        asked_twice,
    ],
    "questions_teach": [
        asked('    because="It is a pair of cells.",\n', ""),
        asked('{"Yes": "It may have several."}', "{}"),
    ],
    "a_seed": [replaced("data", "SEED = 7\n", ""), replaced("data", "= 7", "= None")],
    "chance_is_seeded": [
        replaced("count", "default_rng(SEED)", "default_rng()"),
        added("count", "\nnp.random.shuffle(sizes)"),
        added("count", "\ncon.cells.sample(5)"),
        added("count", "\nimport random\nrandom.choice([1, 2])"),
    ],
    "short_cells": [
        added("count", "\n" * 25 + "1"),
        added("count", "\n" + "very_long_" * 11),
        asked("It is a pair of cells.", "It is a pair of cells. " * 5),
    ],
    "code_that_parses": [added("count", "\nfor")],
    "alive_without_a_kernel": [
        added("count", "\nimport ipywidgets as widgets"),
        added("count", "\nmw.CellPicker(con, save_data=True)"),
    ],
    "figures_are_described": [
        metadata("sizes"),
        alt("A plot."),
        added("count", "\nmw.plots.plot_somata(con.cells)"),
        added("count", "\ndef draw(cells):\n    plt.plot(cells)\n\ndraw(con.cells)"),
    ],
    "plain_words": [
        added("count-text", " Root id 0 is " + "nobody."),
        asked("It is a pair", "Root id 0 is " + "nobody. It is a pair"),
        alt("Histogram of sizes that stand " + "in the order of all cells, with one peak."),
    ],
}  # fmt: skip


def broken_rules(notebook: Notebook) -> set[str]:
    return {rule.__name__ for rule in RULES if list(rule(notebook))}


@pytest.mark.parametrize("folder", ["course", "solutions", "exercises"])
def test_a_good_notebook_breaks_no_rule(tmp_path: Path, folder: str) -> None:
    raw = good_notebook()
    question = {"cell_type": "raw", "id": "q", "metadata": {}, "source": "# QUESTION\nid = 'a'"}
    check = {**cell(raw, "count"), "id": "check", "source": 'mw.check("1.1")'}
    raw["cells"][5:5] = {"course": [], "solutions": [question], "exercises": [check]}[folder]
    assert list(lint([write(tmp_path / folder, raw)])) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [(rule, change) for rule, changes in BROKEN.items() for change in changes],
    ids=[f"{rule}-{n}" for rule, changes in BROKEN.items() for n in range(len(changes))],
)
def test_a_broken_rule_is_the_one_that_is_found(tmp_path: Path, rule: str, change: Change) -> None:
    raw = good_notebook()
    change(raw)
    notebook = write(tmp_path / "course", raw)
    assert broken_rules(notebook) == {rule}


def test_every_rule_has_a_notebook_that_breaks_it() -> None:
    assert {*BROKEN, "name_of_words"} == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    "name", ["W1D2.ipynb", "05_matrix.ipynb", "f3a9c1.ipynb", "My Notes.ipynb"]
)
def test_a_file_is_named_by_words(tmp_path: Path, name: str) -> None:
    notebook = write(tmp_path / "course", good_notebook(), name)
    assert broken_rules(notebook) == {"name_of_words"}


@pytest.mark.parametrize("verb", UNTESTABLE)
def test_no_objective_is_a_verb_that_nobody_can_test(tmp_path: Path, verb: str) -> None:
    raw = good_notebook()
    replaced("title", "- count", f"- count and {verb}")(raw)
    assert broken_rules(write(tmp_path / "course", raw)) == {"objectives_can_be_tested"}


def test_two_notebooks_have_no_alternative_text_in_common(tmp_path: Path) -> None:
    chapter = write(tmp_path / "course", good_notebook())
    master = write(tmp_path / "solutions", good_notebook(), "outputs.ipynb")
    [finding] = lint([chapter, master])
    assert finding.path == master.path
    assert "synapses.ipynb [sizes] has the same alternative text" in str(finding)


def test_a_students_notebook_has_the_pictures_of_its_master(tmp_path: Path) -> None:
    master = write(tmp_path / "solutions", good_notebook(), "outputs.ipynb")
    student = write(tmp_path / "exercises", good_notebook(), "outputs.ipynb")
    assert list(lint([master, student])) == []


def test_cells_that_no_student_sees_may_be_long(tmp_path: Path) -> None:
    raw = good_notebook()
    hidden = {**cell(raw, "count"), "id": "wrong", "source": "# WRONG swapped: No.\n" + "1\n" * 40}
    raw["cells"].insert(5, hidden)
    assert broken_rules(write(tmp_path / "solutions", raw)) == set()


def test_a_master_is_checked_by_its_questions(tmp_path: Path) -> None:
    raw = good_notebook()
    replaced("check-pair", "Check yourself.", "More.")(raw)
    question = {"cell_type": "raw", "id": "q", "metadata": {}, "source": "# QUESTION\nid = 'a'"}
    raw["cells"].insert(6, question)
    assert broken_rules(write(tmp_path / "solutions", raw)) == set()
    assert broken_rules(write(tmp_path / "course", raw)) == {"a_check_in_fifteen_minutes"}


def test_a_question_that_can_be_answered_is_a_check(tmp_path: Path) -> None:
    raw = good_notebook()
    replaced("check-pair", "Check yourself.", "More.")(raw)
    asked()(raw)
    raw["cells"].insert(7, raw["cells"].pop(5))
    assert broken_rules(write(tmp_path / "course", raw)) == set()


def test_a_finding_is_one_line_that_says_where_what_and_how(tmp_path: Path) -> None:
    raw = good_notebook()
    replaced("title", "- count", "- understand")(raw)
    [finding] = lint([write(tmp_path / "course", raw)])
    assert "\n" not in str(finding)
    assert str(finding).startswith(f"{finding.path} [title] 'understand' cannot be tested")
    assert "-> Say what students do" in str(finding)


def test_the_exit_code_of_the_command_reports_findings(tmp_path: Path) -> None:
    raw = good_notebook()
    write(tmp_path / "course", raw)
    assert _command(tmp_path / "course") == (0, "1 notebooks, 0 findings.\n")
    cell(raw, "count")["execution_count"] = 1
    write(tmp_path / "course", raw)
    code, output = _command(tmp_path / "course")
    assert code == 1
    assert "[count] The cell has outputs." in output


def test_a_moved_repository_reaches_every_notebook(tmp_path: Path) -> None:
    raw = good_notebook()
    replaced("install", "github.io", "example")(raw)
    notebook = write(tmp_path / "course", raw)
    assert broken_rules(notebook) == {"installs_first"}
    set_install_cell(notebook.path)
    assert _command(notebook.path) == (0, "1 notebooks, 0 findings.\n")


def test_the_address_of_the_wheels_follows_from_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "_config.yml"
    config.write_text("repository:\n  url: https://github.com/lab/course/\n", encoding="utf-8")
    assert repository_url(tmp_path) == "https://github.com/lab/course"
    assert "https://lab.github.io/course/wheels/" in install_cell(repository_url(tmp_path))


def test_the_wheels_address_has_the_version_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', encoding="utf-8")
    address = wheel_url("https://github.com/lab/course", tmp_path)
    assert address.endswith("/wheels/microns_widgets-1.2.0-py3-none-any.whl")


def _command(place: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.lint_notebooks", place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout

"""`mw.hand_in` lists what is missing as far as it can be known, and says what to hand in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.student import own_cells
from microns_widgets.grading.student.run_order import Difference, Values

SUM = Question.from_toml(
    """
id = "tiny.sum"
title = "Add <b>"
points = 2
[answers.total]
kind = "number"
about = "the sum"
[answers.parts]
kind = "ids"
about = "what is added"
""",
    "9.1",
)
BY_HAND = Question.from_toml(
    """
id = "tiny.chosen"
title = "Choose"
points = 1
[answers.chosen]
kind = "choice"
about = "a cell"
accepts = "all"
""",
    "9.2",
)
TINY = Exercise("tiny", 9, 1, "Exercise 9: tiny", (SUM, BY_HAND), cells=CellsRule({}))
CELLS = (
    'STUDENT = "ada"',
    "seed = len(STUDENT)",
    "parts = [seed, 2]\ntotal = sum(parts)",
    "from types import SimpleNamespace as Chosen\nchosen = Chosen(ids=(5,))",
    'import microns_widgets as mw\nresult = mw.hand_in("tiny")',
)


class Notebook:
    """A notebook's cells in IPython's own shell, with its file beside it."""

    def __init__(self, folder: Path, shell: InteractiveShell) -> None:
        self.folder = folder
        self.shell = shell
        self.cells = list(CELLS)

    def save(self, name: str = "my work.ipynb", **made_for: object) -> None:
        cells = [{"cell_type": "code", "source": one.splitlines(True)} for one in self.cells]
        own = {"cells": cells, "metadata": {"microns": {"exercise": "tiny", **made_for}}}
        (self.folder / name).write_text(json.dumps(own))

    def run(self, *numbers: int) -> Any:
        """Run cells in this order, or all, and return the result of `mw.hand_in`."""
        for number in numbers or range(len(self.cells)):
            outcome = self.shell.run_cell(self.cells[number], store_history=True)
            outcome.raise_error()
        self.shell.run_cell(CELLS[-1], store_history=True).raise_error()
        return self.shell.user_ns["result"]


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Iterator[Notebook]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_cells, "asked", [])
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    (tmp_path / "tiny.json").write_text(json.dumps(TINY.to_json(), indent=1))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    yield Notebook(tmp_path, shell)
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_of_a_finished_notebook_it_names_the_files_and_promises_nothing(notebook):
    notebook.save()
    result = notebook.run()
    assert result.missing == ()
    assert result.heading == "Exercise 9: tiny: nothing to fix before you hand in"
    text = repr(result)
    assert "Hand in my work.ipynb and, from the same folder, choices.json." in text
    assert f"The folder is {notebook.folder}." in text
    assert "Whether your answers are correct is decided after you hand in." in text


def test_it_lists_the_id_open_answers_and_choices(notebook):
    notebook.cells[0] = 'STUDENT = ""'
    notebook.cells[2] = "parts = [1, 1]\ntotal = ..."
    notebook.cells[3] = "chosen = ..."
    result = notebook.run()
    assert result.heading == "Exercise 9: tiny: 4 things to do before you hand in"
    first, *others = result.missing
    assert first.startswith("Your id is missing, so these are the practice cells.")
    assert others == [
        "9.1 Add <b>: total is not answered yet.",
        "9.1 Add <b>: parts contains 2 ids, including 1 duplicate: numpy.unique removes "
        "duplicates.",
        "9.2 Choose: nothing is chosen yet for chosen. Use the widget.",
    ]
    assert result.how[0] == "First do what is listed above, then run this cell again."
    assert "choices.json" not in repr(result)


def test_an_id_that_was_changed_after_the_cells_were_given_out_is_noticed(notebook, monkeypatch):
    monkeypatch.setattr(own_cells, "asked", [("ada", "tiny"), ("bob", "tiny"), ("x", "other")])
    (line,) = notebook.run().missing
    assert line.startswith("STUDENT is 'ada' now, but the cells are those of 'bob'.")
    monkeypatch.setattr(own_cells, "asked", [("bob", "tiny"), (" ADA ", "tiny")])
    assert notebook.run().missing == ()


def test_a_cell_that_ran_before_one_above_it_is_noticed(notebook):
    notebook.save()
    notebook.run()
    notebook.cells[1] = "seed = len(STUDENT) + 1"
    notebook.save()
    (line,) = notebook.run(1).missing
    assert line == (
        "total, parts were computed with another seed than the notebook has when it is run from "
        "top to bottom. Run all cells in order."
    )
    assert notebook.run().missing == ()


def test_cells_that_ran_again_without_a_change_are_not_reported(notebook):
    notebook.save()
    notebook.run()
    assert notebook.run(1, 0, 3, 2, 2).missing == ()


def test_a_name_that_is_used_again_further_down_is_not_reported(notebook):
    notebook.cells[3:4] = ["seed = 7", *CELLS[3:4]]
    notebook.save()
    assert notebook.run().missing == ()
    # Above its second use, the first value is the right one.
    (line,) = notebook.run(2).missing
    assert "with another seed" in line


def test_code_that_was_edited_but_not_run_is_noticed(notebook):
    notebook.save()
    notebook.run()
    notebook.cells[2] = "parts = [seed, 2]\ntotal = sum(parts) + 1"
    notebook.save()
    (line,) = notebook.run(1).missing
    assert line.startswith("The saved notebook's code for total is not what was run last.")


def test_a_variable_of_a_cell_that_was_deleted_is_noticed(notebook):
    notebook.run()
    notebook.cells[2] = "parts = [seed, 2]"
    notebook.save()
    (line,) = notebook.run(2).missing
    assert line == "No cell of the saved notebook sets total. Save the notebook."


def test_without_the_file_only_a_changed_id_is_known(notebook):
    notebook.cells[1] = "seed = len(STUDENT) + 1"
    notebook.run()
    assert notebook.run(1).missing == ()
    notebook.cells[0] = 'STUDENT = "bob"'
    (line,) = notebook.run(0).missing
    assert line == "STUDENT was changed after total, parts were computed. Run all cells in order."
    assert "the notebook (tiny.ipynb, if you did not rename it)" in repr(notebook.run())


def test_an_id_that_was_filled_in_and_run_but_not_saved_asks_only_for_saving(notebook):
    notebook.cells[0] = 'STUDENT = ""'
    notebook.save()
    notebook.run()
    notebook.cells[0] = 'STUDENT = "ada"'
    (line,) = notebook.run().missing
    assert line == (
        "The saved notebook's code for STUDENT is not what was run last: save the notebook. If you "
        "changed STUDENT since, run all cells in order first."
    )
    notebook.save()
    assert notebook.run(4).missing == ()


def test_two_notebooks_of_the_exercise_are_not_confused(notebook):
    notebook.save()
    notebook.save("copy.ipynb")
    assert "if you did not rename it" in repr(notebook.run())


def test_jupyter_tells_which_notebook_it_is(notebook, monkeypatch):
    notebook.save()
    notebook.save("copy.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.folder / "copy.ipynb"))
    assert "Hand in copy.ipynb" in repr(notebook.run())


def test_vs_code_tells_it_among_the_variables(notebook):
    notebook.save()
    notebook.save("copy.ipynb")
    notebook.shell.user_ns["__vsc_ipynb_file__"] = str(notebook.folder / "copy.ipynb")
    text = repr(notebook.run())
    assert "Hand in copy.ipynb" in text
    assert "Restart, then Run All" in text


def test_the_public_file_of_another_edition_or_course_is_noticed(notebook, monkeypatch, sample):
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.folder / "my work.ipynb"))
    notebook.save(edition=1)
    assert notebook.run().missing == ()
    notebook.save(edition=2)
    (line,) = notebook.run().missing
    assert line.startswith("The notebook was made for edition 2 of tiny (course 'microns-widgets')")
    with pytest.raises(InvalidArgument, match=r"Put the tiny\.json that came with the notebook"):
        own_cells.own_cell(sample, "ada", "tiny")
    notebook.save(edition=1, course="elsewhere")
    assert "(course 'elsewhere')" in notebook.run().missing[0]
    # Another notebook in the folder says nothing about this one.
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert notebook.run().missing == ()


@pytest.mark.parametrize("content", ["", "[]", '{"cells": 3}', '{"cells": [3, {}]}', "\x00"])
def test_a_damaged_notebook_file_does_no_harm(notebook, monkeypatch, content):
    (notebook.folder / "bad.ipynb").write_text(content)
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.folder / "bad.ipynb"))
    assert "Hand in bad.ipynb" in repr(notebook.run())


def colab(answer: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a `google.colab` with this answer to its page's questions where Colab has one."""
    module = ModuleType("google.colab")
    module._message = SimpleNamespace(blocking_request=answer)  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "google.colab", module)


def test_in_colab_it_says_how_to_download(notebook, monkeypatch):
    cells = [{"cell_type": "code", "source": one} for one in notebook.cells]
    page = {"ipynb": {"cells": cells, "metadata": {"colab": {"name": "Copy of tiny.ipynb"}}}}
    colab(lambda *_, **__: page, monkeypatch)
    text = repr(notebook.run())
    assert "File > Download > Download .ipynb. Hand in Copy of tiny.ipynb." in text
    assert "Click the folder at the left" in text
    cells[2]["source"] = "parts = total = 3"
    assert "is not what was run last" in repr(notebook.run())


def test_in_colab_without_an_answer_of_its_page_it_still_says_how(notebook, monkeypatch):
    colab(lambda *_, **__: None, monkeypatch)
    assert "Hand in the notebook (tiny.ipynb, if you did not rename it)." in repr(notebook.run())


def test_what_a_student_typed_is_text_on_a_page(notebook):
    notebook.cells[2] = "parts = [1]\ntotal = '<script>'"
    page = notebook.run()._repr_html_()
    assert "Add &lt;b&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("run", "notebook", "difference"),
    [
        (["a = 1", "b = a"], ["a = 1", "b = a"], None),
        (["a = 1  # so", "b = a"], ["a = 1", "b=a"], None),
        (["a = 1", "b = a", "a = 2"], ["a = 2", "b = a"], Difference("earlier", "a")),
        (["b = a", "a = 1"], ["a = 1", "b = a"], Difference("earlier", "a")),
        (["a = 1", "c = a", "b = c", "a = 2"], ["a = 2", "c = a", "b = c"], ("a",)),
        (["a = {}", "a['x'] = 1", "b = a"], ["a = {}", "b = a"], Difference("earlier", "a")),
        (
            ["a = 1", "def f(): return a", "b = f()"],
            ["a = 2", "def f(): return a", "b = f()"],
            Difference("unsaved", "a"),
        ),
        (["a = 1", "b = a", "a = 2", "b = a"], ["a = 1", "b = a"], Difference("unsaved", "a")),
        (["a = 1", "b = a", "a = 3"], ["a = 2", "b = a"], Difference("earlier", "a")),
        (["def f(): return a", "a = 1", "b = f()"], ["a = 1", "def f(): return a", "b = f()"], 0),
        (["b = [i for i in x]", "i = 3"], ["i = 3", "b = [i for i in x]"], None),
        (["i = 9", "for i in x: b = i"], ["for i in x: b = i"], None),
        (["b = 1", "b += 1", "b += 1"], ["b = 1", "b += 1"], Difference("earlier", "b")),
        (["b = (", "b = 1"], ["b = 1"], None),
        (["x = 1"], ["b = 1"], None),
        (["b = 1"], [], Difference("deleted")),
    ],
)
def test_values_are_compared_by_how_they_were_computed(run, notebook, difference):
    found = Values.after(run).difference("b", Values.after(notebook))
    if isinstance(difference, tuple):
        difference = Difference("earlier", difference[0])
    assert found == (difference or None)

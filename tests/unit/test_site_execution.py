"""The site's notebooks run in fresh kernels, and any error or warning is a failure."""

import nbformat
import pytest

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site.execute import execute_all

pytestmark = pytest.mark.slow


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a notebook of code cells, and gives its path."""

    def write(name, *cells):
        made = [
            nbformat.v4.new_code_cell(source, id=f"cell-{number}")
            for number, source in enumerate(cells)
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / name)
        return (tmp_path / name).relative_to(tmp_path)

    return write


def test_a_notebook_is_replaced_by_its_executed_self(tmp_path, write):
    execute_all(tmp_path, [write("two.ipynb", "1 + 1")])
    [cell] = nbformat.read(tmp_path / "two.ipynb", as_version=4).cells
    assert cell.outputs[0].data["text/plain"] == "2"


def test_each_fault_is_reported_with_notebook_cell_and_text_and_both_are_tried(tmp_path, write):
    notebooks = [
        write("raises.ipynb", "x = 1", "x / 0"),
        write("warns.ipynb", "import warnings; warnings.warn('mind the gap')"),
    ]
    with pytest.raises(SiteNotBuilt) as error:
        execute_all(tmp_path, notebooks)
    for words in (
        "raises.ipynb, cell 2 (cell-1):\nx / 0",
        "ZeroDivisionError: division by zero",
        "warns.ipynb, cell 1 (cell-0):",
        "UserWarning: mind the gap",
    ):
        assert words in str(error.value)


def test_a_kernel_that_ends_is_a_fault(tmp_path, write):
    with pytest.raises(SiteNotBuilt, match=r"ends\.ipynb, DeadKernelError"):
        execute_all(tmp_path, [write("ends.ipynb", "import os; os._exit(1)")])


def test_a_notebook_shows_the_sample_and_nobodys_settings(tmp_path, write, monkeypatch):
    monkeypatch.setenv("MICRONS_VERSION", "1300")
    monkeypatch.setenv("CAVE_TOKEN", "0" * 32)
    code = """
import os
from pathlib import Path
assert os.environ["MICRONS_SAVE_DATA"] == "1"
assert not {"MICRONS_VERSION", "CAVE_TOKEN", "MICRONS_REAL_DATA"} & set(os.environ)
assert not list(Path.home().glob(".c*"))
"""
    execute_all(tmp_path, [write("environment.ipynb", code)])

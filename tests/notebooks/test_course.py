"""Every chapter runs from a fresh kernel: on the sample, and on tables like the real ones."""

from __future__ import annotations

import json

import nbformat
import pytest

from microns_widgets.scale.build import build_folder
from microns_widgets.sources.real_data import BASKET_CELL, NEURON
from tests.notebooks.chapter_runs import answer
from tests.notebooks.execution import CHAPTERS, COURSE, execute, printed, problems
from tests.notebooks.mirror import VERSION, mirror

pytestmark = pytest.mark.slow

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
# Those whose text and code go another way without skeletons or tuning, and one with a matrix.
ALWAYS_ON_TABLES = ("start", "shape", "inputs_outputs", "function")

# The others show tables, somata and matrices only.
DRAWS_SHAPES = ("start", "shape", "inputs_outputs", "matrix_by_type")


@pytest.fixture
def runs_on_tables(real_data, chapter_runs):
    """The chapters' runs, with the cell table that those on tables like the real ones need."""
    return chapter_runs


@each_chapter
def test_a_chapter_runs_on_the_sample_and_says_that_it_is_synthetic(path, chapter_runs):
    notebook = chapter_runs.on_sample(path.stem)
    assert problems(notebook) == []
    assert "This is the built-in sample: a synthetic column" in printed(notebook)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.stem, marks=[] if path.stem in ALWAYS_ON_TABLES else pytest.mark.long)
        for path in CHAPTERS
    ],
)
def test_a_chapter_runs_unchanged_on_the_real_cells(name, runs_on_tables):
    notebook = runs_on_tables.on_tables(name)
    assert problems(notebook) == []
    assert "<Connectome 91,423 cells, 200,000 synapses" in str(notebook)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.stem, marks=[] if path.stem == "shape" else pytest.mark.long)
        for path in CHAPTERS
    ],
)
def test_without_an_account_a_chapter_draws_shapes_of_real_cells(
    name, real_data, chapter_runs, tmp_path, monkeypatch
):
    [synapses] = chapter_runs.like_1300().glob("synapses_*")
    cells = real_data / "cell_info_1300.feather"
    with mirror(cells, synapses, tmp_path / "mirror") as server:
        monkeypatch.setenv("MICRONS_BASE_URL", server.url)
        monkeypatch.setenv("MICRONS_SKELETON_URL", server.url)
        monkeypatch.setenv("MICRONS_CACHE", str(tmp_path / "cache"))
        notebook = execute(COURSE / f"{name}.ipynb", version=VERSION)
        assert problems(notebook) == []
        assert "MICrONS minnie65_public, version 1300" in str(notebook)
        drawn = {path for path in server.asked if path.startswith("/proofread/")}
    assert bool(drawn) == (name in DRAWS_SHAPES)
    outputs = [cell.get("outputs") for cell in notebook.cells]
    assert "has no skeleton" not in str(outputs)


@pytest.mark.parametrize(
    "name",
    [
        "matrix",
        pytest.param("inputs_outputs", marks=pytest.mark.long),
        pytest.param("matrix_by_type", marks=pytest.mark.long),
    ],
)
def test_a_chapter_runs_unchanged_on_an_index_built_for_the_whole_dataset(
    name, runs_on_tables, tmp_path
):
    pytest.importorskip("duckdb", reason="needs the extra 'scale'")
    tables = runs_on_tables.like_1300()
    table, cells = (next(tables.glob(f"{what}*")) for what in ("synapses_", "cell_info_"))
    build_folder(table, tmp_path, cells=cells, memory=512_000_000, progress=False)
    notebook = execute(COURSE / f"{name}.ipynb", version=tmp_path)
    assert problems(notebook) == []
    assert "<Connectome 91,423 cells, 200,000 synapses" in str(notebook)


@each_chapter
def test_a_chapter_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


@pytest.fixture
def basket_cell_folder(real_data, tmp_path):
    """The real cell table with the synapses and the skeleton of one real basket cell."""
    (tmp_path / "skeletons").mkdir()
    for own, given in (
        ("cell_info_1300.feather", "cell_info_1300.feather"),
        ("synapses_1300.feather", f"{NEURON}/synapses.feather"),
        (f"skeletons/{BASKET_CELL}.json", f"{NEURON}/skeleton.json"),
    ):
        (tmp_path / own).symlink_to(real_data / given)
    return tmp_path


def test_inputs_and_outputs_finds_what_is_published_of_the_real_basket_cell(basket_cell_folder):
    report = """
import json
print(json.dumps({
    "cell": str(cell),
    "vertices": skeleton.n_vertices,
    "cable_um": round(skeleton.cable_length()),
    "outputs": len(outputs),
    "inputs": len(inputs),
    "autapses": len(autapses),
    "on_axon": int(on_axon.sum()),
    "synapses_of_partners": int(partners["n_synapses"].sum()),
    "shown": str(viewer.cells[0]),
}))
"""
    notebook = execute(COURSE / "inputs_outputs.ipynb", version=basket_cell_folder, last=report)
    assert problems(notebook) == []
    assert json.loads(notebook.cells[-1].outputs[0]["text"]) == {
        "cell": str(BASKET_CELL),
        "vertices": 16_720,
        "cable_um": 33_025,
        "outputs": 6_514,
        "inputs": 12_424,
        "autapses": 44,
        "on_axon": 6_474,
        "synapses_of_partners": 6_514 + 12_424,
        "shown": str(BASKET_CELL),
    }


def test_shape_shows_the_real_basket_cell_and_leaves_out_who_has_no_skeleton(basket_cell_folder):
    notebook = execute(
        COURSE / "shape.ipynb",
        version=basket_cell_folder,
        last="print(*named, round(cable['axon']))",
    )
    assert problems(notebook) == []
    assert notebook.cells[-1].outputs[0]["text"] == "BC 27709\n"


@pytest.mark.parametrize("name", ["start", "shape", "inputs_outputs"])
def test_without_skeletons_a_chapter_says_the_next_step_and_goes_on_with_the_sample(
    name, runs_on_tables
):
    notebook = runs_on_tables.on_tables(name)
    assert problems(notebook) == []
    said = printed(notebook)
    assert "or load with a CAVE client, which fetches it." in said
    assert "Until then this chapter shows the sample." in said
    assert answer(notebook) == {"source": "synthetic sample"}


def test_without_tuning_the_chapter_on_function_says_the_next_step_and_goes_on_with_the_sample(
    runs_on_tables,
):
    notebook = runs_on_tables.on_tables("function")
    assert problems(notebook) == []
    said = printed(notebook)
    assert "`microns data --version N --optional tuning --out folder/`" in said
    assert "Until then this chapter shows the sample." in said
    assert answer(notebook) == {"source": "synthetic sample"}

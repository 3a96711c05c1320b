"""Whatever a public function is given, a wrong argument is an error of this package."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import microns_widgets as mw
from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidCall, InvalidType, MicronsError, UnknownArgument
from microns_widgets.network.null_comparison import NullComparison
from microns_widgets.network.null_model import NullModel
from microns_widgets.network.type_summary import TypeSummary

#: They check for themselves: any number of widgets, and a token that no frame may hold.
OWN_CHECKS = {"link", "unlink", "TokenPanel"}


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Everything that can be called as `mw.x`, `mw.plots.x`, `mw.palette.x` or a method."""
    for module in (mw, mw.plots, mw.palette):
        for name in dir(module):
            member = getattr(module, name)
            own = str(getattr(member, "__module__", "")).startswith(module.__name__)
            public = name[0] != "_" and name not in OWN_CHECKS
            if own and public and isinstance(member, FunctionType | type):
                yield name, member
    for cls in (
        mw.Connectome,
        mw.ConnectivityMatrix,
        NullModel,
        NullComparison,
        mw.Skeleton,
        TypeSummary,
        mw.CellPicker,
        mw.SkeletonViewer,
        mw.MatrixExplorer,
        mw.ActivityPlayer,
        mw.RateModel,
    ):
        for name in dir(cls):
            member = inspect.getattr_static(cls, name)
            member = getattr(member, "__func__", member)
            own = str(getattr(member, "__module__", "")).startswith("microns_widgets")
            if own and isinstance(member, FunctionType) and name[0] != "_":
                yield f"{cls.__name__}.{name}", member


@pytest.mark.parametrize(("name", "function"), [*public_functions()])
def test_a_keyword_that_does_not_exist_is_answered_with_those_that_do(name, function):
    known = [own for own in inspect.signature(function).parameters if own != "self"]
    nearest = known[-1] if known else ""
    with pytest.raises(UnknownArgument) as error:
        function(**{f"{nearest}x": 1})
    assert (f"Did you mean {nearest!r}?" if known else "It has none.") in str(error.value)


def test_an_editor_is_told_the_conditions_by_their_names(sample):
    text = str(inspect.signature(sample.inputs))
    assert "cell_type: 'Labels' = None" in text
    assert "proofread: 'Proofread' = None" in text


def test_a_missing_or_surplus_argument_is_an_error_of_this_package(sample):
    with pytest.raises(InvalidCall, match=r"inputs\(\) needs an argument: root_id\. Its argu"):
        sample.inputs()
    with pytest.raises(InvalidCall, match=r"Its arguments are con, student, exercise\."):
        mw.own_cell(sample)
    with pytest.raises(InvalidCall, match=r"Explorer\(\) needs an argument: con\."):
        mw.Explorer()
    with pytest.raises(InvalidCall, match=r"needs arguments: pre, post\."):
        checks_arguments(lambda pre, post: None)()
    with pytest.raises(InvalidCall, match="was given 1 argument without a name, but takes none: "):
        sample.select("BC")
    with pytest.raises(InvalidCall, match="given 3 arguments without a name, but takes at most 1:"):
        sample.cell(1, 2, 3)
    with pytest.raises(InvalidCall, match="was given root_id twice: by position and by name"):
        sample.cell(1, root_id=1)


def test_an_argument_of_a_wrong_kind_is_named_with_what_was_expected(sample):
    matrix = sample.matrix()
    figure, several = plt.subplots(2)
    with pytest.raises(InvalidType, match=r"plot\(\) was given ax=array.*several, one: axes\[0\]"):
        matrix.plot(ax=several)
    plt.close(figure)
    with pytest.raises(InvalidType, match=r"ascending=array.*expected True or False"):
        matrix.sort(ascending=np.ones(2))
    with pytest.raises(InvalidType, match=r"step='thick', expected a number"):
        sample.skeleton(sample.examples()["BC"]).cable_by_depth(step="thick")
    with pytest.raises(InvalidType, match=r"seed=array.*expected a whole number"):
        matrix.null("degrees", 10, np.ones(2))


def test_a_long_value_does_not_hide_the_message(sample):
    long = "x" * 5_000
    for call in (
        lambda: sample.select(cell_type=long),
        lambda: sample.partners(sample.root_ids[0], long),
        lambda: sample.cell(long),
        lambda: mw.check(long),
        lambda: mw.read_cells([long] * 5_000),
    ):
        with pytest.raises(MicronsError) as error:
            call()
        assert len(str(error.value)) < 1_000


def test_the_optional_keywords_keep_their_none():
    @checks_arguments
    def function(*, width: float = 1.0, title: str | None = None) -> tuple[float, str | None]:
        return width, title

    assert function(title=None) == (1.0, None)
    with pytest.raises(InvalidType, match="width=None"):
        function(width=None)


def odd_values() -> dict[str, Any]:
    """Values of every kind that a student may have at hand."""
    return {
        "None": None,
        "0": 0,
        "-1": -1,
        "2**70": 2**70,
        "1.5": 1.5,
        "nan": float("nan"),
        "inf": float("inf"),
        "text": "x",
        "no text": "",
        "long text": "x" * 5_000,
        "NUL": "a\0b",
        "surrogate": "\udc80",
        "bytes": b"x",
        "list": [],
        "numbers": [1, 2],
        "texts": ["a"],
        "ragged": [[1, 2], [3]],
        "lists": [[1]],
        "frames": [pd.DataFrame()],
        "dict": {"a": 1},
        "set": {1, "a"},
        "floats": np.array([1.5]),
        "square": np.zeros((2, 2)),
        "objects": np.array([1, "a", None], dtype=object),
        "unsigned": np.array([2**63 + 1], dtype=np.uint64),
        "frame": pd.DataFrame({"a": [1]}),
        "series": pd.Series([1.5]),
        "NA": pd.NA,
        "date": datetime.date(2025, 1, 1),
        "complex": 1j,
        "slice": slice(1),
        "class": int,
        "function": len,
        "no path": Path("/no/such/file"),
    }


@pytest.fixture(scope="module")
def right_calls(sample) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Functions with arguments that are right, of which one is replaced at a time."""
    con, cell = sample, int(sample.examples()["MC"])
    cells = con.select(cell_type="MC", proofread=True)
    matrix, skeleton = con.matrix(cells), con.skeleton(cell)
    null = matrix.null("density", 2)
    positions, plots = skeleton.vertices[:3], mw.plots
    nuclei = con.cells.assign(nucleus_id=range(100_000, 100_000 + len(con.cells)))
    with_nuclei = mw.Connectome(nuclei, con.synapses[:9])
    edge = {"vertices": [[0, 0, 0], [0, 3000, 0]], "edges": [[0, 1]], "radius": [9, 2]}
    return {
        "load": (mw.load, {"quiet": True}),
        "Connectome": (mw.Connectome, {"cells": con.cells, "synapses": con.synapses[:9]}),
        "select": (con.select, {}),
        "cell": (con.cell, {"root_id": cell}),
        "find": (with_nuclei.find, {"nucleus_id": 100_000}),
        "same_cells": (with_nuclei.same_cells, {"other": with_nuclei}),
        "labels": (con.labels, {"root_ids": cells}),
        "inputs": (con.inputs, {"root_id": cell}),
        "outputs": (con.outputs, {"root_id": cell}),
        "partners": (con.partners, {"root_id": cell}),
        "between": (con.between, {"pre": cells, "post": cells}),
        "con.examples": (con.examples, {}),
        "con.by_compartment": (con.by_compartment, {"root_id": cell}),
        "con.skeleton": (con.skeleton, {"root_id": cell}),
        "con.skeletons": (con.skeletons, {"root_ids": [cell], "progress": False}),
        "con.matrix": (con.matrix, {"pre": cells, "post": cells}),
        "examples": (mw.examples, {"con": con}),
        "by_compartment": (mw.by_compartment, {"con": con, "root_id": cell}),
        "own_cell": (mw.own_cell, {"con": con, "student": "ada", "exercise": "outputs"}),
        "check": (mw.check, {"question": "outputs.by-type"}),
        "hand_in": (mw.hand_in, {"exercise": "outputs"}),
        "compare_types": (mw.compare_types, {"cells": con.cells}),
        "cortical_depth": (mw.cortical_depth, {"positions_nm": positions}),
        "read_cells": (mw.read_cells, {"source": con.cells}),
        "read_synapses": (mw.read_synapses, {"source": con.synapses}),
        "filter": (mw.filter_synapse_table, {"synapse_table": con.synapses}),
        "sort": (mw.sort_matrix_by_types, {"mat": matrix.to_frame(), "labels": con.cells}),
        "Skeleton": (mw.Skeleton, edge | {"compartment": [1, 2], "root": 0}),
        "from_cave": (mw.Skeleton.from_cave, {"d": skeleton.to_cave()}),
        "from_swc": (mw.Skeleton.from_swc, {"path": "no such file"}),
        "nearest": (skeleton.nearest, {"positions": positions}),
        "compartment_at": (skeleton.compartment_at, {"positions": positions}),
        "cable_length": (skeleton.cable_length, {}),
        "cable_by_depth": (skeleton.cable_by_depth, {}),
        "matrix.sort": (matrix.sort, {}),
        "matrix.select": (matrix.select, {}),
        "matrix.degree": (matrix.degree, {}),
        "with_value": (matrix.with_value, {"value": "sum"}),
        "to_numpy": (matrix.to_numpy, {}),
        "null": (matrix.null, {"n": 2}),
        "null.with_n": (null.with_n, {"n": 2}),
        "null.compare": (null.compare, {"statistic": "reciprocal_pairs"}),
        "by_type": (matrix.by_type, {}),
        "matrix.plot": (matrix.plot, {}),
        "plot_skeleton": (mw.plot_skeleton, {"sk_d": skeleton}),
        "plot_degrees": (
            plots.plot_degrees,
            {"degrees": con.degrees().loc[cells], "labels": con.labels(cells)},
        ),
        "plot_gallery": (plots.plot_gallery, {"skeletons": {"MC": skeleton}}),
        "plot_matrix": (plots.plot_matrix, {"matrix": matrix.sparse}),
        "plot_strengths": (plots.plot_strengths, {"strengths": matrix.strengths()}),
        "plot_synapses": (plots.plot_synapses, {"inputs": con.inputs(cell)}),
        "plot_type_summary": (plots.plot_type_summary, {"values": matrix.by_type().probability}),
        "colors": (mw.palette.colors, {"labels": ["MC"]}),
        "type_order": (mw.palette.type_order, {"labels": ["MC"]}),
        "CellPicker": (mw.CellPicker, {"con": con}),
        "SkeletonViewer": (mw.SkeletonViewer, {"con": con}),
        "MatrixExplorer": (mw.MatrixExplorer, {"matrix": matrix}),
        "ActivityPlayer": (mw.ActivityPlayer, {"model": mw.lognormal_network(50)}),
        "Explorer": (mw.Explorer, {"con": con, "pre": cells}),
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_given_only_errors_of_this_package_are_raised(
    right_calls, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    raised = []
    for name, (function, right) in right_calls.items():
        for argument in inspect.signature(function).parameters:
            for kind, value in odd_values().items():
                if (name, argument) == ("Explorer", "panel") and value is None:
                    continue  # looks for a token
                try:
                    function(**right | {argument: value})
                except MicronsError:
                    pass
                except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
                    raised.append(f"{name}({argument}={kind}): {error!r}"[:200])
                plt.close("all")
    assert raised == []

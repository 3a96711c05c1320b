"""The still picture of the skeleton viewer: what it shows, and what it says is missing."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from viewer_cells import late_skeletons, without_skeleton

from microns_widgets.connectome import Connectome
from microns_widgets.widgets import skeleton_viewer
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer

pytestmark = pytest.mark.usefixtures("no_front_end")


@pytest.fixture
def cells(sample: Connectome) -> list[int]:
    return sample.select(proofread=True)[:3].tolist()


def texts(figure: Figure) -> str:
    axes = figure.axes[0]
    legend = axes.get_legend()
    return " ".join(
        [axes.get_title(), *(text.get_text() for text in axes.texts)]
        + [text.get_text() for text in (legend.get_texts() if legend else [])]
    )


def test_the_still_picture_names_the_cell_and_the_sample(
    sample: Connectome, cells: list[int]
) -> None:
    viewer = SkeletonViewer(sample, cells[0], camera={"view": "side"})
    text = texts(viewer._still())
    assert str(cells[0]) in text
    assert "synthetic" in text
    assert f"{len(sample.inputs(cells[0])):,} inputs" in text


def test_the_still_picture_of_several_cells_tells_them_apart(
    sample: Connectome, cells: list[int]
) -> None:
    text = texts(SkeletonViewer(sample, cells, synapses="none")._still())
    assert all(str(root_id) in text for root_id in cells)


@pytest.mark.parametrize("synapses", ["both", "none"])
def test_the_still_picture_says_that_a_skeleton_is_missing(
    sample: Connectome, synapses: str
) -> None:
    cell = without_skeleton(sample)
    assert f"{cell} has no skeleton" in texts(
        SkeletonViewer(sample, cell, synapses=synapses)._still()
    )


def test_the_still_picture_does_not_wait_for_a_slow_skeleton(
    sample: Connectome, cells: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skeleton_viewer, "STILL_WAITS_SECONDS", 0.01)
    slow, may_come = late_skeletons(sample)
    text = texts(SkeletonViewer(slow, cells[0])._still())
    may_come.set()
    assert f"{cells[0]} is still loading" in text


def test_a_viewer_without_a_cell_has_a_picture_that_says_so(sample: Connectome) -> None:
    assert "No cell is chosen" in texts(SkeletonViewer(sample)._still())
    assert repr(SkeletonViewer(sample)) == "<SkeletonViewer no cells>"

"""A table of type by type has its numbers written in, where they can be read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawing import draw, sample, written
from matplotlib import pyplot as plt

from microns_widgets.errors import InvalidArgument
from microns_widgets.plots import plot_type_summary


def table(values, types=("23P", "BC")) -> pd.DataFrame:
    return pd.DataFrame(values, index=list(types), columns=list(types))


def field(ax, row: int, column: int) -> str:
    """The number written in a field."""
    return next(
        text.get_text() for text in ax.texts if text.get_position() == (column + 0.5, row + 0.5)
    )


def names(axis) -> list[str]:
    return [label.get_text() for label in axis.get_ticklabels()]


def test_rows_are_presynaptic_and_columns_postsynaptic():
    ax = plot_type_summary(table([[0.1, 0.2], [0.3, 0.4]]), label="probability")
    assert names(ax.yaxis) == names(ax.xaxis) == ["23P", "BC"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("presynaptic type", "postsynaptic type")
    assert field(ax, 0, 1) == ".200"
    assert field(ax, 1, 0) == ".300"
    assert ax.figure.axes[1].get_ylabel() == "probability"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, ".123"),
        (0.0004, ".000"),
        (0, "0"),
        (3.14159, "3.14"),
        (31.4159, "31.4"),
        (4321.5, "4,322"),
    ],
)
def test_the_largest_number_has_three_digits(value, text):
    others = max(value, 0.5)
    ax = plot_type_summary(table([[value, others * 0.99], [others * 0.99, others * 0.99]]))
    assert field(ax, 0, 0) == text


def test_in_two_tables_of_one_span_equal_numbers_have_equal_colours():
    low, high = table([[0.1, 0.2], [0.0, 0.1]]), table([[0.1, 0.8], [0.5, 0.9]])
    pictures = [plot_type_summary(values, span=(0, 0.5)).collections[0] for values in (low, high)]
    for picture in pictures:
        picture.update_scalarmappable()
    first, second = (picture.get_facecolors() for picture in pictures)
    assert (first[0] == second[0]).all()
    # What lies beyond the end has the colour of the end, and the bar says that there is more.
    assert (second[1] == second[2]).all()
    assert [picture.colorbar.extend for picture in pictures] == ["neither", "max"]


def test_counts_are_written_whole():
    ax = plot_type_summary(table([[5, 0], [1234, 7]]))
    assert [field(ax, 0, 0), field(ax, 0, 1), field(ax, 1, 0)] == ["5", "0", "1,234"]


def test_pairs_of_types_without_a_value_stay_empty():
    ax = plot_type_summary(table([[0.1, np.nan], [0.3, 0.4]]))
    assert len([text for text in ax.texts if text.get_text()]) == 3
    assert "nan" not in written(ax)


def test_numbers_that_would_overlap_are_made_smaller_and_then_left_out():
    def sizes(n: int, inches: float) -> set[float]:
        types = [f"type {i}" for i in range(n)]
        _, ax = plt.subplots(figsize=(inches, inches))
        plot_type_summary(table(np.full((n, n), 0.125), types), ax=ax)
        return {text.get_fontsize() for text in ax.texts}

    assert sizes(5, 6) == {7}
    (small,) = sizes(11, 3.3)
    assert 4.5 <= small < 7
    assert sizes(40, 3.3) == set()


def test_cells_without_a_type_are_named_unknown():
    ax = plot_type_summary(table([[1, 2], [3, 4]], types=("BC", "")))
    assert names(ax.yaxis) == ["BC", "unknown"]


def test_a_table_without_any_value_is_drawn():
    assert not written(draw(plot_type_summary(table(np.full((2, 2), np.nan))))) - {""}


def test_the_samples_connection_probabilities_are_those_written():
    probability = sample().matrix().by_type().probability
    _, ax = plt.subplots(figsize=(8, 8))
    assert plot_type_summary(probability, ax=ax) is ax
    row, column = np.unravel_index(np.nanargmax(probability.to_numpy()), probability.shape)
    assert float(field(ax, row, column)) == pytest.approx(probability.iat[row, column], abs=0.0005)
    assert "synthetic sample" in written(ax)


def test_ratios_have_the_colours_of_the_matrix_explorer():
    """A quarter and less is blue, 1 nearly white, four times and more red; 0 has a colour, too."""
    ax = plot_type_summary(pd.DataFrame([[0, 0.25, 1, 4, 9]], index=["BC"]), ratio=True)
    mesh = ax.collections[0]
    none, quarter, same, four, nine = mesh.to_rgba(mesh.get_array().ravel())
    assert (none == quarter).all()
    assert (four == nine).all()
    assert quarter[2] > 1.5 * quarter[0]
    assert four[0] > 1.5 * four[2]
    assert min(same[:3]) > 0.95
    ticks = [one.get_text() for one in mesh.colorbar.ax.get_yticklabels()]
    assert ticks == ["0.25", "0.5", "1", "2", "4"]


def test_a_span_of_ratios_begins_above_0():
    with pytest.raises(InvalidArgument, match=r"such as span=\(0.25, 4\)"):
        plot_type_summary(pd.DataFrame([[1.0]]), ratio=True, span=(0, 2))

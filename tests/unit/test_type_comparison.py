"""Recall and precision of the automatic types, against what people said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import microns_widgets as mw
from microns_widgets.errors import TableError, UnknownColumn
from microns_widgets.sources.sample import assumptions

# Nobody has labelled the last; the one before has no automatic type.
_LABELS = [
    *[("23P", "23P")] * 6,
    *[("23P", "4P")] * 2,
    *[("4P", "4P")] * 3,
    *[("4P", "23P")] * 1,
    *[("5P-PT", "5P-ET")] * 4,
    *[("5P-IT", "5P-ET")] * 1,
    *[("Unsure E", "4P")] * 5,
    ("23P", ""),
    ("", "23P"),
]


@pytest.fixture
def cells() -> pd.DataFrame:
    return pd.DataFrame(_LABELS, columns=["cell_type_manual", "cell_type_auto"])


def test_recall_is_a_share_of_a_row_and_precision_one_of_a_column(cells):
    scores = mw.compare_types(cells).scores
    assert scores.loc["23P", ["n_manual", "n_auto", "n_both"]].tolist() == [8, 7, 6]
    assert scores.loc["23P", "recall"] == 6 / 8
    assert scores.loc["23P", "precision"] == 6 / 7


def test_pyramidal_tract_and_extratelencephalic_are_one_type(cells):
    assert mw.compare_types(cells).scores.loc["5P-ET", "recall"] == 1
    assert "5P-ET" not in mw.compare_types(cells, same={}).scores.index


def test_a_type_that_the_classifier_never_gives_is_no_type_to_score(cells):
    comparison = mw.compare_types(cells)
    assert comparison.scores.index.tolist() == ["23P", "4P", "5P-ET"]
    assert comparison.counts.loc["5P-IT", "5P-ET"] == 1


def test_who_could_not_decide_contradicts_nobody(cells):
    comparison = mw.compare_types(cells)
    assert comparison.counts.loc["Unsure E", "4P"] == 5
    assert comparison.scores.loc["4P", "precision"] == 3 / 5
    assert "Unsure E" not in comparison.disagreements["manual"].tolist()


def test_disagreements_are_listed_the_most_frequent_first(cells):
    first, *others = mw.compare_types(cells).disagreements.itertuples(index=False)
    assert tuple(first) == ("23P", "4P", 2)
    assert [own.n for own in others] == [1]


def test_agreement_is_a_share_of_the_sure_labels(cells):
    assert mw.compare_types(cells).agreement == 13 / 16


def test_cells_with_one_label_are_left_out(cells):
    assert mw.compare_types(cells).counts.to_numpy().sum() == len(cells) - 2


def test_a_missing_column_is_named(cells):
    with pytest.raises(
        UnknownColumn, match=r"no column 'type'\. .*Expected one of cell_type_manual"
    ):
        mw.compare_types(cells, auto="type")


def test_a_table_without_manual_labels_is_refused(cells):
    with pytest.raises(TableError, match="No cell has a label in both"):
        mw.compare_types(cells.assign(cell_type_manual=""))


def test_the_samples_labels_agree_as_often_as_it_assumes(sample):
    comparison = mw.compare_types(sample.cells)
    n = int(comparison.counts.to_numpy().sum())
    found = comparison.scores["n_both"].sum() / n
    spread = np.sqrt(assumptions.MANUAL_AGREEMENT * (1 - assumptions.MANUAL_AGREEMENT) / n)
    assert abs(found - assumptions.MANUAL_AGREEMENT) < 3 * spread


def test_excitatory_and_inhibitory_are_never_confused_in_the_sample(sample):
    comparison = mw.compare_types(sample.cells, "coarse_cell_type_manual", "coarse_cell_type_auto")
    assert comparison.scores.index.tolist() == ["E", "I"]
    assert comparison.agreement == 1


def test_the_real_labels_agree_as_counted_by_hand_in_the_workshops_table(real_data):
    cells = mw.read_cells(real_data / "cell_info_1300.feather")
    comparison = mw.compare_types(cells)
    assert comparison.counts.to_numpy().sum() == 1331
    assert comparison.scores.loc["5P-ET", ["n_manual", "n_auto", "n_both"]].tolist() == [38, 40, 33]
    assert comparison.scores.loc["23P", "recall"] == 337 / 349
    assert tuple(comparison.disagreements.iloc[0]) == ("6P-CT", "6P-IT", 32)
    coarse = mw.compare_types(cells, "coarse_cell_type_manual", "coarse_cell_type_auto")
    assert coarse.scores.loc["I", "recall"] == 146 / 162


def test_a_finer_system_of_types_is_compared_under_the_manual_names(cells):
    manual = ["23P", "23P", "4P", "BC", "MC", "BPC", "NGC", "BC", "Unsure E", ""]
    auto = ["L2IT", "L3IT", "L3IT", "PV", "NMC", "ITCperi", "L1", "ChC", "L4IT", "L5ET"]
    table = pd.DataFrame({"cell_type_manual": manual, "cell_type_auto": auto})
    comparison = mw.compare_types(table)
    assert list(comparison.scores.index) == ["23P", "4P", "BC", "ChC", "MC", "BPC", "NGC"]
    assert comparison.scores.loc["23P", ["n_manual", "n_auto", "n_both"]].tolist() == [2, 3, 2]
    assert comparison.agreement == 6 / 8
    assert comparison.disagreements.to_numpy().tolist() == [["4P", "L3IT", 1], ["BC", "ChC", 1]]
    assert comparison.counts.loc["Unsure E", "L4IT"] == 1

"""Every student gets cells with which the questions can be answered, and none is harder off."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import microns_widgets as mw
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.variants import VARIANTS

ROOT = Path(__file__).parents[2]
NAMES = (
    "outputs",
    "inhibitory",
    "degree",
    "strength",
    "by_hand",
    "chance",
    "activity",
    "tuning",
)
POSITION = ["ctr_pt_position_x", "ctr_pt_position_y", "ctr_pt_position_z"]
#: Null models of one set of cells take seconds.
few_or_all_sets = pytest.mark.parametrize(
    "variants",
    [
        pytest.param((0, 7, 14), marks=pytest.mark.slow, id="3 sets"),
        pytest.param(range(VARIANTS + 1), marks=pytest.mark.long, id="all sets"),
    ],
)
STUDENTS = [f"student-{number}@university.edu" for number in range(250)] + [
    str(4_711_000 + 7 * number) for number in range(250)
]


@pytest.fixture(scope="module")
def exercises() -> dict[str, Exercise]:
    return {name: read_exercise(ROOT / "exercises" / f"{name}.json") for name in NAMES}


@pytest.fixture(scope="module")
def cells_of(exercises, sample):
    """Cells of each variant, by exercise; variant 0 is for practice."""
    return {name: one.variants(sample) for name, one in exercises.items()}


@pytest.mark.parametrize("name", NAMES)
def test_five_hundred_students_fall_into_all_variants_alike(name, exercises):
    counts = Counter(exercises[name].variant(student) for student in STUDENTS)
    assert set(counts) == set(range(1, VARIANTS + 1))
    # As even as chance makes it: a fair die of twenty sides gives this in 999 of 1,000 rows.
    assert stats.chisquare(list(counts.values())).pvalue > 0.001


def test_a_student_has_another_variant_in_each_exercise_as_often_as_not(exercises):
    """Two who share the cells of one exercise mostly do not share those of the next."""
    pairs = [
        (exercises["inhibitory"].variant(one), exercises["strength"].variant(one))
        for one in STUDENTS
    ]
    # Of 400 combinations some 285 occur when 500 students are spread by chance.
    assert len(set(pairs)) > 240


@pytest.mark.parametrize("name", NAMES)
def test_no_two_variants_have_the_same_cells(name, cells_of):
    assert all(set(a) != set(b) for a, b in combinations(cells_of[name], 2))


def test_single_cells_are_balanced_over_their_types(cells_of, sample):
    types = Counter(sample.labels([one])[0] for (one,) in cells_of["outputs"][1:])
    assert set(types.values()) == {5}
    assert set(types) == {"23P", "4P", "5P-IT", "5P-ET"}


@pytest.mark.parametrize("name", NAMES[1:])
def test_sets_of_cells_have_the_same_number_of_each_type(name, cells_of, sample):
    compositions = {
        tuple(sorted(Counter(sample.labels(cells)).items())) for cells in cells_of[name]
    }
    assert len(compositions) == 1


def test_single_cells_make_work_alike(cells_of, sample):
    numbers = [len(sample.outputs(one)) for (one,) in cells_of["outputs"]]
    assert min(numbers) >= 180
    assert max(numbers) <= 2 * min(numbers)


def test_each_single_cells_inhibitory_targets_sit_earlier_on_its_axon(cells_of, sample):
    for (one,) in cells_of["outputs"]:
        outputs, skeleton = sample.outputs(one), sample.skeleton(one)
        classes = sample.labels(outputs["post_pt_root_id"], "coarse_cell_type_auto")
        distance = skeleton.path_distance[skeleton.nearest(outputs[POSITION])[0]]
        inhibitory, excitatory = (distance[classes == name] for name in "IE")
        assert min(len(inhibitory), len(excitatory)) >= 15
        assert stats.mannwhitneyu(inhibitory, excitatory, alternative="less").pvalue < 0.05
        assert np.median(excitatory) - np.median(inhibitory) > 20


def test_each_single_cell_has_far_more_unknown_inputs_than_outputs(cells_of, sample):
    for (one,) in cells_of["outputs"]:
        unknown = [
            np.mean(sample.labels(table[f"{side}_pt_root_id"]) == "")
            for table, side in ((sample.outputs(one), "post"), (sample.inputs(one), "pre"))
        ]
        assert unknown[1] - unknown[0] > 0.3


def test_in_each_set_bipolar_cells_alone_prefer_inhibitory_targets(cells_of, sample):
    neurons = sample.select(coarse_type=["E", "I"])
    for cells in cells_of["inhibitory"]:
        ids = np.array(cells)
        inhibitory = ids[sample.labels(ids, "coarse_cell_type_auto") == "I"]
        summary = sample.matrix(inhibitory, neurons, autapses=False).by_type()
        own = list(summary.n_synapses.index)
        share = summary.n_synapses[own].sum(axis=1) / summary.n_synapses.sum(axis=1)
        assert share["BPC"] > 0.6
        assert share.drop("BPC").max() < 0.2
        chosen = summary.probability.loc["BPC"].sort_values()
        assert chosen.index[-1] == "MC"
        assert chosen.iloc[-1] > 1.3 * chosen.iloc[-2]


def test_in_each_set_degrees_go_together_in_two_types_and_not_in_the_others(cells_of, sample):
    degrees = sample.degrees()
    for cells in cells_of["degree"]:
        types = sample.labels(cells)
        p_corrected = {}
        for name in ("BC", "MC", "BPC", "NGC"):
            own = degrees.loc[np.array(cells)[types == name]]
            p_corrected[name] = 4 * stats.spearmanr(own["n_inputs"], own["n_outputs"]).pvalue
        assert max(p_corrected["BC"], p_corrected["MC"]) < 0.005
        assert min(p_corrected["BPC"], p_corrected["NGC"]) > 0.1


def test_in_each_set_autapses_make_a_difference(cells_of, sample):
    """Or a student who counts them would not learn it."""
    for name in ("inhibitory", "degree", "strength", "chance"):
        for cells in cells_of[name]:
            counted, left_out = (sample.matrix(cells, autapses=keep) for keep in (True, False))
            assert counted.n_connections > left_out.n_connections


def test_in_each_set_strengths_are_closer_to_log_normal_than_to_normal(cells_of, sample):
    for cells in cells_of["strength"]:
        strengths = sample.matrix(cells, autapses=False).strengths()
        logs = np.log(strengths)
        gaps = [
            stats.kstest(one, "norm", args=(one.mean(), one.std())).statistic
            for one in (logs, strengths)
        ]
        assert gaps[0] < 0.07 < 0.15 < gaps[1]


def test_in_each_set_cells_connect_more_than_once_more_often_than_chance(cells_of, sample):
    for cells in cells_of["strength"]:
        ids = np.array(cells)
        excitatory = ids[sample.labels(ids, "coarse_cell_type_auto") == "E"]
        synapses = sample.matrix(excitatory, value="count", autapses=False).strengths()
        pairs = len(excitatory) * (len(excitatory) - 1)
        expected = pairs * stats.poisson.sf(1, synapses.sum() / pairs)
        assert np.sum(synapses >= 2) > 5 * expected


@pytest.mark.slow
def test_in_each_set_reciprocal_pairs_are_beyond_all_shuffles(cells_of, sample):
    def reciprocal(matrix: mw.ConnectivityMatrix) -> int:
        connected = matrix.with_value("binary").sparse
        return int(connected.multiply(connected.T).sum()) // 2

    for cells in cells_of["strength"]:
        network = sample.matrix(cells, autapses=False)
        by_chance = [reciprocal(own) for own in network.null("degrees", 20, 7)]
        assert reciprocal(network) > max(by_chance)
        assert reciprocal(network) > 1.8 * np.mean(by_chance)


@few_or_all_sets
def test_in_each_set_distance_explains_the_reciprocal_pairs_of_inhibitory_cells_alone(
    variants, cells_of, sample
):
    """A wrong step of the ladder is wrong for every student, with whatever seed."""
    for seed in variants:
        ids = np.array(cells_of["chance"][seed])
        classes = sample.labels(ids, "coarse_cell_type_auto")
        for name, explained in (("E", []), ("I", ["distance"])):
            among = sample.matrix(ids[classes == name], autapses=False)
            ladder = {
                kind: among.null(kind, 199, seed).compare("reciprocal_pairs", progress=False)
                for kind in ("density", "degrees", "distance")
            }
            found = [kind for kind, one in ladder.items() if one.low <= 1 <= one.high]
            assert found == explained, (seed, name)


@few_or_all_sets
def test_in_each_set_one_of_three_preferences_vanishes_with_distance(variants, cells_of, sample):
    for seed in variants:
        network = sample.matrix(np.array(cells_of["chance"][seed]), autapses=False)
        density, distance = (
            network.null(kind, 100, seed).compare("pairs_by_type", progress=False).ratio
            for kind in ("density", "distance")
        )
        assert density.loc["23P", "23P"] > 1.15
        assert distance.loc["23P", "23P"] < 0.9
        for pre, post in (("BC", "BC"), ("BPC", "MC")):
            assert min(density.loc[pre, post], distance.loc[pre, post]) > 2


def test_sets_make_work_alike(cells_of, sample):
    """Numbers of connections between the cells of a set differ by less than a third."""
    for name in ("inhibitory", "strength", "by_hand", "chance"):
        numbers = [sample.matrix(cells, autapses=False).n_connections for cells in cells_of[name]]
        assert max(numbers) < 1.33 * min(numbers)


def test_in_each_set_there_are_several_cells_to_choose_by_hand(cells_of, sample):
    for cells in cells_of["by_hand"]:
        types = Counter(sample.labels(cells))
        assert min(types["MC"], types["BC"]) >= 10
        connected = sample.matrix(cells, value="binary", autapses=False).sparse
        assert connected.multiply(connected.T).sum() >= 2 * 20


def test_in_each_set_like_connects_to_like_and_near_fields_follow_from_distance(cells_of, sample):
    tuning = sample.tuning()
    position = sample.cells.set_index("pt_root_id")[[f"pt_position_{axis}" for axis in "xyz"]]
    for cells in cells_of["tuning"]:
        ids = np.array([one for one in cells if one in tuning.index])
        two = ~np.eye(len(ids), dtype=bool)
        wired = (sample.matrix(ids, value="binary", autapses=False).to_numpy() == 1)[two]
        angle = tuning.loc[ids, "pref_ori"].to_numpy()
        turn = np.abs(angle[:, None] - angle)[two]
        difference = np.minimum(turn, 180 - turn)
        assert wired[difference < 22.5].mean() > 1.7 * wired[difference > 67.5].mean()
        # Cells for the question on averages.
        assert np.sum((angle > 140) | (angle < 20)) > 40

        fields = tuning.loc[ids, ["readout_loc_x", "readout_loc_y"]].to_numpy()
        somata = to_cortical(position.loc[ids].to_numpy())[:, [0, 2]]
        field, lateral = (
            np.linalg.norm(points[:, None] - points, axis=2)[two] for points in (fields, somata)
        )
        place = (lateral // 20).astype(int)
        share = np.bincount(place, weights=wired) / np.maximum(np.bincount(place), 1)
        expected = np.average(field, weights=share[place])
        connected = field[wired].mean()
        # Distance explains most of the difference between connected and all pairs.
        assert abs(connected - expected) < 0.25 * (field.mean() - connected)

"""Every type has a colour and a marker of its own, as far apart as so many can be."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import matplotlib.markers
import numpy as np
import pytest
from palette_cases import FIXTURE, LABELS, content
from tune_palette import DARK_PAGE, contrasts, smallest_distances

from microns_widgets import palette
from microns_widgets.errors import InvalidArgument
from microns_widgets.tables.reading import (
    AUTO_TYPES,
    MANUAL_TYPES,
    MULTIFEATURE_TYPES,
    REGIONS,
    STRATEGIES,
)

# Reached by tools/tune_palette.py, in CAM02-UCS (1 is about the least that can be seen).
SMALLEST_OF_AUTOMATIC = {
    None: 15.9,
    "deuteranomaly": 14.4,
    "protanomaly": 14.4,
    "tritanomaly": 14.4,
}
SMALLEST_OF_ALL = {None: 9.5, "deuteranomaly": 9.0, "protanomaly": 9.1, "tritanomaly": 8.9}
# Reached in the same way for cell_type_multifeature_combo, whose eleven inhibitory types share the
# warm hues, and the cells of both systems that are not neurons.
SMALLEST_OF_MULTIFEATURE = {
    None: 10.1,
    "deuteranomaly": 8.9,
    "protanomaly": 9.0,
    "tritanomaly": 9.6,
}

ALL_TYPES = tuple(dict.fromkeys(AUTO_TYPES + MANUAL_TYPES))


def rgb(labels) -> np.ndarray:
    return palette.colors(labels)[:, :3]


def hue(label: str) -> float:
    """Hue in CAM02-UCS, in degrees: 0 is pink, 30 red, 60 orange, 140 green, 260 blue."""
    from colorspacious import cspace_convert

    _, a, b = cspace_convert(rgb([label])[0], "sRGB1", "CAM02-UCS")
    return float(np.rad2deg(np.arctan2(b, a)) % 360)


def chroma(label: str) -> float:
    from colorspacious import cspace_convert

    _, a, b = cspace_convert(rgb([label])[0], "sRGB1", "CAM02-UCS")
    return float(np.hypot(a, b))


@pytest.fixture
def fresh(monkeypatch):
    """A palette to which no test has added a type."""
    monkeypatch.setattr(palette, "_added", {})


@pytest.mark.parametrize("types", [AUTO_TYPES, MANUAL_TYPES, ALL_TYPES, MULTIFEATURE_TYPES])
def test_each_type_has_a_colour_of_its_own(types):
    assert len({palette.color(label) for label in types}) == len(types)
    assert palette.color("") not in {palette.color(label) for label in types}


def test_each_automatic_type_has_a_marker_of_its_own_that_matplotlib_knows():
    for types in (AUTO_TYPES, (*MULTIFEATURE_TYPES, *AUTO_TYPES[11:])):
        assert len({palette.marker(label) for label in types}) == len(types)
    for marker in {palette.marker(label) for label in (*ALL_TYPES, *MULTIFEATURE_TYPES, "new")}:
        matplotlib.markers.MarkerStyle(marker)


def test_the_systems_of_types_are_those_of_the_tables():
    systems = {"metamodel": AUTO_TYPES, "manual": MANUAL_TYPES, "multifeature": MULTIFEATURE_TYPES}
    for name, types in systems.items():
        assert set(palette.types_of(name)) == set(types)


@pytest.mark.parametrize("vision", list(SMALLEST_OF_AUTOMATIC))
def test_the_automatic_types_stay_as_far_apart_as_they_were(vision):
    assert smallest_distances(rgb(AUTO_TYPES))[vision] >= SMALLEST_OF_AUTOMATIC[vision]


@pytest.mark.parametrize("vision", list(SMALLEST_OF_ALL))
def test_the_manual_types_too(vision):
    assert smallest_distances(rgb(ALL_TYPES))[vision] >= SMALLEST_OF_ALL[vision]


@pytest.mark.parametrize("vision", list(SMALLEST_OF_MULTIFEATURE))
def test_the_types_of_many_features_too(vision):
    together = (*MULTIFEATURE_TYPES, *AUTO_TYPES[11:])
    assert smallest_distances(rgb(together))[vision] >= SMALLEST_OF_MULTIFEATURE[vision]


def test_the_distance_of_colours_that_a_deficiency_confuses_is_smaller_with_it():
    red_and_green = np.array([[0.7, 0.2, 0.1], [0.3, 0.4, 0.1]])
    distances = smallest_distances(red_and_green)
    assert distances["deuteranomaly"] < 0.5 * distances[None]
    assert distances["tritanomaly"] > 0.8 * distances[None]


@pytest.mark.parametrize("label", [*ALL_TYPES, *MULTIFEATURE_TYPES, *LABELS])
def test_each_type_can_be_read_on_white_and_on_dark_pages(label):
    on_white, on_dark = contrasts(rgb([label]))[0]
    assert on_white >= 1.7
    assert on_dark >= 2


def test_contrast_of_white_and_of_the_dark_page_itself_are_those_of_the_standard():
    white, dark = contrasts(np.array([[1.0] * 3, [DARK_PAGE] * 3]))
    assert white == pytest.approx([1, 18.9], abs=0.05)
    assert dark == pytest.approx([18.9, 1], abs=0.05)


def test_related_types_have_related_hues():
    blue, violet, green = {"23P", "4P"}, {"5P-IT", "5P-ET", "5P-NP"}, {"6P-IT", "6P-CT"}
    assert all(190 <= hue(label) <= 265 for label in blue)
    assert all(260 <= hue(label) <= 327 for label in violet)
    assert all(108 <= hue(label) <= 187 for label in green)
    # From magenta red over orange to brown, through 0 degrees.
    assert all((hue(label) + 14) % 360 <= 96 for label in ("BC", "MC", "BPC", "NGC"))


def test_the_same_kind_of_cell_has_a_related_colour_in_both_systems():
    same = {"L3IT": "23P", "L4IT": "4P", "L5IT": "5P-IT", "L5ET": "5P-ET", "L5NP": "5P-NP"}
    same |= {"L6IT": "6P-IT", "L6CT": "6P-CT", "PV": "BC", "ITC": "BPC"}
    for label, other in same.items():
        assert palette.color(label) == palette.color(other)
        assert palette.marker(label) == palette.marker(other)
    assert 185 <= hue("L2IT") <= 265
    inhibitory = palette.types_of("multifeature")[8:]
    assert all((hue(label) + 45) % 360 <= 170 for label in inhibitory)


def test_cells_that_are_not_neurons_are_the_greyest():
    glia = [chroma(label) for label in AUTO_TYPES[11:]]
    assert max(glia) < min(chroma(label) for label in AUTO_TYPES[:11])


def test_a_missing_label_has_the_colour_of_unknown_and_a_new_one_always_the_same():
    assert palette.color("") == palette.table()["unknown"]["color"]
    assert palette.marker("") == palette.table()["unknown"]["marker"]
    others = palette.table()["others"]
    assert len(set(others["colors"])) == 12
    used = {palette.color(label) for label in (*ALL_TYPES, *MULTIFEATURE_TYPES, "")}
    assert used.isdisjoint(others["colors"])
    assert {palette.color(label) for label in LABELS} <= set(others["colors"])
    assert {palette.marker(label) for label in LABELS} <= set(others["markers"])
    looks = {(palette.color(f"T{i}"), palette.marker(f"T{i}")) for i in range(2000)}
    assert len(looks) == 12 * 7, "every colour occurs with every marker"


def test_the_browser_gives_new_types_the_same_colours():
    assert FIXTURE.read_text(encoding="utf-8") == content(), (
        "frontend/test/fixtures/palette.json is out of date: run `python tests/palette_cases.py`."
    )


def test_types_of_another_dataset_are_added_with_their_colours_and_order(fresh):
    before = palette.color("STC")
    palette.add_types(
        [
            {"label": "PTC", "like": "BC", "group": "I"},
            {"label": "STC", "color": "#123456"},
            {"label": "Kenyon"},
            {"label": "MC"},
        ]
    )
    assert palette.color("STC") == "#123456" != before
    assert palette.marker("PTC") == palette.marker("BC")
    assert palette.type_order(["", "Zebra", "STC", "PTC", "MC"]) == [
        "MC",
        "PTC",
        "STC",
        "Zebra",
        "",
    ]
    assert [entry["label"] for entry in palette.added_types()] == ["PTC", "STC", "Kenyon"]
    assert (
        palette.added_types()[2]["color"]
        == palette.table()["others"]["colors"][palette._of_name("Kenyon") % 12]
    )
    palette.add_types(palette.added_types())  # the same again changes nothing
    assert len(palette.added_types()) == 3


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"label": "BC", "color": "#000000"}, "'BC' already has the color #ff300f, not #000000"),
        ({"label": "STC", "color": "red"}, "color='red'. Expected '#rrggbb'"),
        ({"label": "STC", "like": "NGX"}, "like 'NGX', which is not a type"),
    ],
)
def test_a_type_whose_colour_cannot_be_used_is_refused(fresh, entry, message):
    with pytest.raises(InvalidArgument, match=message):
        palette.add_types([entry])
    assert palette.added_types() == []


@pytest.mark.parametrize(
    "labels",
    [
        ("E", "I", "NONNEURON"),
        ("input", "output"),
        ("soma", "axon", "dendrite", "apical dendrite"),
        REGIONS,
    ],
)
def test_other_labels_have_colours_of_their_own_too(labels):
    assert len({palette.color(label) for label in (*labels, "")}) == len(labels) + 1


def test_colours_of_many_labels_come_in_their_order():
    labels = np.array(["BC", "23P", "", "BC"], dtype=object)
    drawn = palette.colors(labels)
    assert drawn.shape == (4, 4)
    np.testing.assert_array_equal(drawn[0], drawn[3])
    red = int(palette.color("23P")[1:3], 16) / 255
    assert drawn[1] == pytest.approx([red, *drawn[1, 1:3], 1])
    assert palette.colors([]).shape == (0, 4)


def test_types_are_ordered_by_layer_then_inhibitory_then_glia_then_by_name_then_unknown():
    shuffled = ["", "BC", "oligo", "Zebra", "6P-CT", "23P", "Aardvark", "MC", "4P", "BC"]
    assert palette.type_order(shuffled) == [
        *("23P", "4P", "6P-CT", "BC", "MC", "oligo"),
        *("Aardvark", "Zebra", ""),
    ]
    assert palette.type_order(reversed(AUTO_TYPES)) == list(AUTO_TYPES)


def test_strategies_are_ordered_by_completeness_and_a_new_one_comes_after_them():
    shuffled = ["", "axon_by_machine", *reversed(STRATEGIES)]
    assert palette.type_order(shuffled) == [*STRATEGIES, "axon_by_machine", ""]
    assert palette.type_order(["clean", "extended"]) == ["extended", "clean"]


def test_the_file_is_json_that_a_browser_can_use_as_it_is():
    text = files("microns_widgets").joinpath("palette.json").read_text(encoding="utf-8")

    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    table = json.loads(text, parse_constant=no_constant)
    for entry in table["types"]:
        assert set(entry) == {"label", "color", "marker", "group", "systems"}
        assert re.fullmatch("#[0-9a-f]{6}", entry["color"])
        assert entry["group"] in ("E", "I", "NONNEURON", "")
    groups = ("coarse", "directions", "compartments", "regions")
    rest = {"strategies", "others", "unknown", "dark", "no_connection"}
    assert set(table) == {"types", *groups, *rest}
    # Colours that the dark theme replaces are colours of types.
    assert set(table["dark"]) <= {entry["color"] for entry in table["types"]}
    for group in (*groups, "dark"):
        assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in table[group].values())

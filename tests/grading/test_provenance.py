"""A notebook is judged only for the edition, the sample and the release that it was made for."""

from __future__ import annotations

import pytest

from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance, release_of
from microns_widgets.sources.sample.storage import NUMBER
from microns_widgets.tables.reading import SYNTHETIC

NOW = Provenance(3, NUMBER, ("1300", "sample"))


@pytest.mark.parametrize(
    ("made_for", "release", "says"),
    [
        (NOW, "sample", ""),
        (NOW, "1300", ""),
        (UNKNOWN, "1300", ""),
        # Nobody gave out cells of this release: those of the rule are the same for all.
        (NOW, "1822", ""),
        (Provenance(2, NUMBER, ("sample",)), "sample", "edition 2 of the exercise, and edition 3"),
        (Provenance(3, NUMBER + 1, ("sample",)), "sample", f"made for sample {NUMBER + 1}"),
        (Provenance(3, NUMBER + 1, ("1300",)), "1300", ""),
        (
            Provenance(3, NUMBER, ("sample",)),
            "1300",
            "made for the sample, but it is being graded on version 1300",
        ),
    ],
)
def test_a_conflict_names_both_sides(made_for, release, says):
    conflict = made_for.conflict(NOW, release)
    assert says in conflict
    assert bool(conflict) == bool(says)


@pytest.mark.parametrize(
    ("source", "release"),
    [
        (SYNTHETIC, "sample"),
        ("MICrONS minnie65_public, version 1300", "1300"),
        ("cell_info_1822", "1822"),
        ("my cells", "my cells"),
    ],
)
def test_the_release_is_read_from_the_source_of_the_data(source, release):
    assert release_of(source) == release


@pytest.mark.parametrize(
    "metadata",
    [{}, {"edition": True, "sample": "2"}, {"releases": "1300"}, {"releases": [1, None]}],
)
def test_odd_metadata_say_nothing(metadata):
    assert Provenance.from_metadata(metadata) == UNKNOWN


def test_what_is_written_is_read():
    assert Provenance.from_metadata(NOW.to_json()) == NOW

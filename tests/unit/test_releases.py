"""The list of releases says where each is available, and whether CAVE is expected to have it."""

from __future__ import annotations

import datetime
import re

import pytest

import microns_widgets as mw
from microns_widgets import releases
from microns_widgets.errors import DownloadError
from microns_widgets.releases import Release, other_sources
from microns_widgets.sources import public_skeletons, workshop

DAY = datetime.date(2026, 8, 1)


def test_the_list_is_complete_and_newest_first():
    known = releases.releases()
    assert list(known) == sorted(known, reverse=True)
    assert [version for version, release in known.items() if release.major] == [1300, 943, 117]
    assert {version for version, release in known.items() if release.has_cell_table} == {
        *(1822, 1718, 1621, 1507, 1412, 1300, 1293, 1181, 1078, 943, 795)
    }
    for release in known.values():
        assert set(release.available_from) <= {
            *(releases.CAVE, releases.STATIC_TABLES),
            *(releases.WORKSHOP, releases.PUBLIC_SKELETONS),
        }
        assert not (release.expired and releases.CAVE in release.available_from)


def test_a_release_that_is_not_major_is_expected_for_a_year():
    known = releases.releases()
    assert known[1507].expires == datetime.date(2026, 7, 31)
    assert not known[1507].in_cave(DAY)
    assert known[1822].in_cave(DAY)
    assert known[1300].in_cave(datetime.date(2050, 1, 1))
    assert not known[1412].in_cave(datetime.date(2025, 5, 1))


def test_sources_take_their_versions_from_the_list():
    assert list(workshop.VERSIONS) == [1300, 1293]
    assert workshop.VERSIONS[1300].cells_sha256 is not None
    assert public_skeletons.VERSION == 1300


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        (1412, r"public files.*/v1412/aibs_metamodel_celltypes_v661_merged\.csv\.gz"),
        (1412, r"mw\.load\(1412\) opens its cells.*microns data --static --version 1412 --out"),
        (661, r"^The tables of version 661 are public files[^`]*$"),
        (1507, r"was expected to expire on 2026-07-31.*/v1507/"),
        (1300, r"^mw\.load\(1300\) opens"),
        (1822, "^$"),
        (9999, "microns data --list"),
    ],
)
def test_the_message_names_other_sources_of_what_cave_does_not_have(version, advice):
    assert re.search(advice, other_sources(version, DAY))


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (661, r"CAVE has withdrawn it\. The tables of version 661 are public files"),
        (117, "CAVE has it, but lacks the tables that the cell table"),
        (1822, "microns data --version 1822"),
    ],
)
def test_a_release_without_files_of_the_workshop_says_how_to_get_it(version, message):
    with pytest.raises(DownloadError, match=rf"Expected one of 1300, 1293.*{message}") as error:
        mw.load(version)
    assert ("microns data" in str(error.value)) == (version == 1822)


def test_the_table_shows_what_is_expected_or_what_cave_says():
    expected = lines(None)
    assert "probably no longer" in expected["1507"]
    assert "no longer  " in expected["1412"]
    assert "until about 2027-06-27" in expected["1822"]
    assert expected["943"].endswith("without areas")
    day = datetime.date(2027, 1, 30)
    new = Release(1950, day, False, False, ("CAVE",), (), datetime.date(2028, 1, 30))
    now = lines({1950: new})
    assert re.fullmatch(r"1950 +2027-01-30 +until 2028-01-30 +no", now["1950"])
    assert re.search(r"2026-06-27 +no +yes$", now["1822"])


def lines(current) -> dict[str, str]:
    table = releases.table(releases.releases(), current, DAY)
    return {line.split()[0]: line for line in table}

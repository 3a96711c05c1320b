"""The known releases of the MICrONS data: when each was published, and where to get it.

The list, ``releases.json``, was compiled from the release notes in the dataset's own tutorial. A
release that is not in it works like any other, provided that CAVE has its tables.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Where a release is available, as in `Release.available_from`.
CAVE, STATIC_TABLES = "CAVE", "static tables"
WORKSHOP, PUBLIC_SKELETONS = "workshop's files", "public skeletons"

#: CAVE's tables from which the cell table is made, and its synapse table.
AUTO_TYPES = "aibs_metamodel_celltypes_v661"
#: Further tables of types, and a view that merges all of them.
CORRECTIONS = "aibs_metamodel_celltypes_v661_corrections"
MULTIFEATURE = "cell_type_multifeature_combo"
CELL_INFO = "aibs_cell_info"
MANUAL_TYPES = "allen_v1_column_types_slanted_ref"
PROOFREADING = "proofreading_status_and_strategy"
#: The table in versions before 1078, in place of `PROOFREADING`.
FIRST_PROOFREADING = "proofreading_status_public_release"
REGIONS = "nucleus_functional_area_assignment"
NUCLEI = "nucleus_detection_v0"
SYNAPSES = "synapses_pni_2"
#: Optional tables: target structures (newest first; the second one before version 1718), the
#: manual match of nuclei with recorded units, and what the digital twin says of the units.
TARGETS = ("synapse_target_predictions_ssa_v2", "synapse_target_predictions_ssa")
COREGISTRATION = "coregistration_manual_v4"
DIGITAL_TWIN = "digital_twin_properties_bcm_coreg_v4"

#: CAVE keeps a release for about a year, unless it is a major one.
_KEPT_FOR = datetime.timedelta(days=365)

#: The `source` of tables from the workshop or from CAVE, and the file name of a cell table.
SOURCE_NAME = re.compile(r"(?:MICrONS|CAVE) (?P<datastack>\S+), version (?P<version>\d+)")
FILE_NAME = re.compile(r"cell_info\w*?_(?P<version>\d{2,5})")


def version_in(source: str) -> int | None:
    """Return the materialization version that a connectome's `source` names, or None."""
    match = SOURCE_NAME.search(source) or FILE_NAME.search(source)
    return int(match["version"]) if match else None


@dataclass(frozen=True)
class Release:
    """A materialization version that was published.

    Attributes
    ----------
    version : int
        Materialization version.
    date : datetime.date or None
        Day of the release; None if it is not known.
    major : bool
        Whether CAVE keeps the release permanently.
    expired : bool
        Whether CAVE had withdrawn the release when this list was written.
    available_from : tuple of str
        Where the release is available: `CAVE`, `STATIC_TABLES`, `WORKSHOP`, `PUBLIC_SKELETONS`.
    tables : tuple of str
        The tables and views of this release in CAVE that are used for the cell table.
    expires : datetime.date or None
        Day on which CAVE withdraws the release, or is expected to. None if never, or unknown.
    cells_sha256 : str or None
        SHA-256 of the workshop's cell table, if known.
    """

    version: int
    date: datetime.date | None
    major: bool
    expired: bool
    available_from: tuple[str, ...]
    tables: tuple[str, ...]
    expires: datetime.date | None = None
    cells_sha256: str | None = None

    @property
    def has_cell_table(self) -> bool:
        """Whether the release has the tables that the cell table needs."""
        return not missing_tables(self.tables)

    def in_cave(self, today: datetime.date) -> bool:
        """Whether CAVE is expected to have the release on this day."""
        return not self.expired and (self.expires is None or today < self.expires)

    def has_static_cells(self, today: datetime.date) -> bool:
        """Whether static tables for a cell table exist, or should exist on this day.

        The tables of a release are published as files once CAVE withdraws it.
        """
        published = STATIC_TABLES in self.available_from or not self.in_cave(today)
        return published and self.has_cell_table

    @property
    def static_table(self) -> str:
        """Address of one of the release's tables as a file, once the release has expired."""
        return f"{static_tables()}/v{self.version}/{self.tables[0]}_merged.csv.gz"


@cache
def _content() -> Mapping[str, Any]:
    text = files("microns_widgets").joinpath("releases.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def datastack() -> str:
    """Return the name of the CAVE datastack to which these releases belong."""
    return str(_content()["datastack"])


def static_tables() -> str:
    """Return the address of the folder with the tables of expired releases as files."""
    return str(_content()["static_tables"])


@cache
def releases() -> Mapping[int, Release]:
    """Return the known releases by version, newest first."""
    known = {}
    for entry in _content()["releases"]:
        day = entry["date"] and datetime.date.fromisoformat(entry["date"])
        lists = {name: tuple(entry[name]) for name in ("available_from", "tables")}
        expires = None if entry["major"] or not day else day + _KEPT_FOR
        known[entry["version"]] = Release(**entry | lists | {"date": day, "expires": expires})
    return known


def missing_tables(present: Collection[str]) -> list[str]:
    """Return the tables needed for the cell table that are not present; areas are optional."""
    missing = [name for name in (AUTO_TYPES, MANUAL_TYPES) if name not in present]
    if PROOFREADING not in present and FIRST_PROOFREADING not in present:
        missing.append(PROOFREADING)
    return missing


def available_from(place: str) -> list[Release]:
    """Return the releases that are available from a place, newest first."""
    return [release for release in releases().values() if place in release.available_from]


def other_sources(version: int, today: datetime.date | None = None) -> str:
    """Return where a version that CAVE does not have is available; ``""`` if nowhere.

    Parameters
    ----------
    version : int
        Materialization version.
    today : datetime.date, optional
        Default: the present day.

    Returns
    -------
    str
        One or two sentences for an error message.
    """
    release, today = releases().get(version), today or datetime.date.today()
    if release is None:
        return "`microns data --list` shows the releases and where each is available."
    advice = []
    if STATIC_TABLES in release.available_from:
        advice.append(
            f"The tables of version {version} are public files that need no account; for example: "
            f"{release.static_table}."
        )
    elif release.date is not None and not release.in_cave(today):
        advice.append(
            f"Version {version} was expected to expire on {release.expires}. The tables of "
            f"expired releases are published as files; for example: {release.static_table}."
        )
    if advice and release.has_static_cells(today):
        advice.append(
            f"mw.load({version}) opens its cells, and `microns data --static --version {version} "
            "--out folder/` fetches its synapses."
        )
    if WORKSHOP in release.available_from:
        advice.append(f"mw.load({version}) opens the workshop's tables without an account.")
    return " ".join(advice)


def table(
    known: Mapping[int, Release], current: Mapping[int, Release] | None, today: datetime.date
) -> list[str]:
    """Return the releases as the lines of a table.

    Parameters
    ----------
    known : mapping of int to Release
        The known releases by version.
    current : mapping of int to Release or None
        The releases that CAVE has now; None if CAVE was not queried.
    today : datetime.date
        The present day.

    Returns
    -------
    list of str
        A heading, and one line per release, newest first.
    """
    rows = [("version", "released", "major", "in CAVE", "without an account", "cell table")]
    for version in sorted({*known, *(current or ())}, reverse=True):
        here, there = known.get(version), (current or {}).get(version)
        release = there or known[version]
        others = [place for place in here.available_from if place != CAVE] if here else []
        rows.append(
            (
                str(version),
                str((here or release).date or "unknown"),
                "yes" if here and here.major else "",
                _state(known[version], today) if current is None else _state_now(there, today),
                ", ".join(others),
                "no" if not release.has_cell_table else _areas(release),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _areas(release: Release) -> str:
    return "yes" if REGIONS in release.tables else "without areas"


def _state(release: Release, today: datetime.date) -> str:
    """Return whether, and until when, CAVE is expected to have a release."""
    if not release.in_cave(today):
        return "no longer" if release.expired else "probably no longer"
    return f"until about {release.expires}" if release.expires else "yes"


def _state_now(release: Release | None, today: datetime.date) -> str:
    """Return whether CAVE has a release, and until when, unless that is decades ahead."""
    if release is None:
        return "no"
    if release.expires is None or release.expires.year > today.year + 10:
        return "yes"
    return f"until {release.expires}"

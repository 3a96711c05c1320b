"""How to cite data: the dataset, the release, the tables and the software, as text and BibTeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets.releases import (
    AUTO_TYPES,
    CELL_INFO,
    COREGISTRATION,
    DIGITAL_TWIN,
    FILE_NAME,
    FIRST_PROOFREADING,
    MANUAL_TYPES,
    NUCLEI,
    PROOFREADING,
    REGIONS,
    SOURCE_NAME,
    SYNAPSES,
    TARGETS,
    datastack,
    releases,
)
from microns_widgets.tables.cells import CellTable
from microns_widgets.tables.nuclei import NUCLEUS_ID
from microns_widgets.tables.reading import SYNTHETIC
from microns_widgets.tables.type_systems import TYPE_SYSTEMS, types_in

_HOME = "https://www.microns-explorer.org/cortical-mm3"


@dataclass(frozen=True)
class _Article:
    key: str
    authors: str
    title: str
    journal: str
    doi: str
    year: int = 2025

    @property
    def text(self) -> str:
        return f"{self.authors}, {self.title}, {self.journal} {self.year}, doi:{self.doi}"

    @property
    def bibtex(self) -> str:
        # Braces keep BibTeX from splitting a consortium into a first and a last name.
        plain = self.authors.removesuffix(" et al.")
        authors = f"{plain} and others" if plain != self.authors else f"{{{plain}}}"
        fields = {"author": authors, "title": f"{{{self.title}}}", "journal": self.journal}
        return _entry("article", self.key, fields | {"year": str(self.year), "doi": self.doi})


_MICRONS = _Article(
    "MICrONS2025",
    "MICrONS Consortium",
    "Functional connectomics spanning multiple areas of mouse visual cortex",
    "Nature",
    "10.1038/s41586-025-08790-w",
)
_CAVE = _Article(
    "Dorkenwald2025",
    "Dorkenwald et al.",
    "CAVE: Connectome Annotation Versioning Engine",
    "Nature Methods",
    "10.1038/s41592-024-02426-z",
)
_AUTOMATIC_TYPES = _Article(
    "Elabbady2025",
    "Elabbady et al.",
    "Perisomatic ultrastructure efficiently classifies cells in mouse cortex",
    "Nature",
    "10.1038/s41586-024-07765-7",
)
_MANUAL_TYPES = _Article(
    "SchneiderMizell2025",
    "Schneider-Mizell et al.",
    "Inhibitory specificity from a connectomic census of mouse visual cortex",
    "Nature",
    "10.1038/s41586-024-07780-8",
)

#: The first version with the newer table of target structures.
_NEWER_TARGETS = 1718

#: For each column of the cell table: CAVE's table, and the article that describes it, unless that
#: is the article on the dataset.
_TABLES: dict[str, tuple[str, _Article | None]] = {
    "cell_type_auto": (AUTO_TYPES, _AUTOMATIC_TYPES),
    "cell_type_manual": (MANUAL_TYPES, _MANUAL_TYPES),
    "proofreading_strategy": (PROOFREADING, None),
    "region": (REGIONS, None),
    NUCLEUS_ID: (NUCLEI, None),
}


@dataclass(frozen=True, repr=False)
class Citation:
    """How to cite a dataset. Its display shows the text and the BibTeX entries.

    Attributes
    ----------
    text : str
        One line for each item to cite.
    bibtex : str
        The same items as BibTeX entries.
    """

    text: str
    bibtex: str

    def __repr__(self) -> str:
        return f"{self.text}\n\n{self.bibtex}"


@checks_methods
class Citable:
    """The part of a `Connectome` that returns how to cite its data."""

    source: str
    _cells: CellTable
    # Of other parts of a connectome, which may not be imported here.
    _index: Any
    _targets: Any = None
    _tuning_table: Any = None

    def cite(self) -> Citation:
        """Return how to cite these data: the dataset, its release, the tables and the software.

        Returns
        -------
        Citation
            With ``text`` and ``bibtex``. For the synthetic sample, the text says that the sample
            must not be cited as data.

        Examples
        --------
        >>> print(con.cite().text)
        Do not cite the built-in sample as data: it is synthetic. ...
        >>> path = Path("references.bib")
        >>> _ = path.write_text(con.cite().bibtex)
        """
        if self.source == SYNTHETIC:
            return _with_software(
                "Do not cite the built-in sample as data: it is synthetic. Load a release of the "
                f"real data, such as mw.load({_first_choice()}), before you publish a result.",
                [],
            )
        if match := SOURCE_NAME.search(self.source):
            version = int(match["version"])
            tables = self._synapse_tables(version)
            return _of_release(self._cells.frame, match["datastack"], version, self.source, tables)
        if match := FILE_NAME.search(self.source):
            condition = (
                f"If {match[0]} is a table of MICrONS, as its name suggests, cite the following. "
                "Otherwise cite its own source."
            )
            version = int(match["version"])
            tables = self._synapse_tables(version)
            return _of_release(
                self._cells.frame, datastack(), version, self.source, tables, condition
            )
        name = f" ({self.source})" if self.source else ""
        return _with_software(
            f"Cite the source of these data{name}. If they are MICrONS data, cite "
            f"{_MICRONS.text}, with the materialization version.",
            [],
        )

    def _synapse_tables(self, version: int) -> list[str]:
        """Return CAVE's tables that are loaded beside those of the cell table."""
        tables = [SYNAPSES] if self._index.loaded else []
        if self._targets is not None:
            tables.append(TARGETS[0 if version >= _NEWER_TARGETS else 1])
        if self._tuning_table is not None:
            tables += [COREGISTRATION, DIGITAL_TWIN]
        return tables


def _first_choice() -> int:
    return next(release.version for release in releases().values() if release.major)


def _of_release(
    cells: pd.DataFrame,
    stack: str,
    version: int,
    source: str,
    further: Sequence[str],
    condition: str = "",
) -> Citation:
    title = f"{stack}, materialization version {version}"
    served = f"Release: {title}{{day}}, served by CAVE: {_CAVE.text}."
    if stack != datastack():
        dataset = f"Dataset: {stack}; see its website for how to cite it."
        entries = [_entry("misc", f"{stack}_{version}", {"title": _tex(title)}), _CAVE.bibtex]
        return _with_software(f"{dataset}\n{served.format(day='')}", entries)
    release = releases().get(version)
    day = release.date if release else None
    tables = [*further]
    articles = [_CAVE]
    described = ""
    for column, (table, article) in _TABLES.items():
        if column in cells and not cells[column].isin(["", 0]).all():
            if column == "proofreading_strategy":
                table = _proofreading(cells)
            elif column == "cell_type_auto":
                table, article = _of_types(source)
            tables.append(table)
            if article is not None:
                articles.append(article)
                described += f" {table}: {article.text}."
    lines = [
        f"Dataset: {_MICRONS.text}.",
        served.format(day=f" of {day}" if day else ""),
        f"Tables: {', '.join(tables)}.{described}",
    ]
    fields = {
        "author": "{MICrONS Consortium}",
        "title": _tex(title),
        "note": _tex(f"Tables {', '.join(tables)}"),
        "url": _HOME,
    }
    if day:
        fields["year"] = str(day.year)
    entry = _entry("misc", f"{stack}_{version}", fields)
    entries = [_MICRONS.bibtex, entry, *(article.bibtex for article in articles)]
    return _with_software("\n".join([condition, *lines] if condition else lines), entries)


def _of_types(source: str) -> tuple[str, _Article | None]:
    """Return the tables of the automatic types that a source names, and their article."""
    tables = TYPE_SYSTEMS[types_in(source)].tables
    # The view merges several systems, among them that of the metamodel.
    by_metamodel = AUTO_TYPES in tables or CELL_INFO in tables
    return ", ".join(tables), _AUTOMATIC_TYPES if by_metamodel else None


def _proofreading(cells: pd.DataFrame) -> str:
    by_status = cells["proofreading_strategy"].isin(["clean", "extended"]).any()
    return FIRST_PROOFREADING if by_status else PROOFREADING


def _with_software(text: str, entries: list[str]) -> Citation:
    from importlib.metadata import version as version_of  # takes 20 ms

    version = version_of("microns-widgets")
    fields = {
        "author": "{The microns-widgets authors}",
        "title": "microns-widgets",
        "version": version,
    }
    software = _entry("software", "microns_widgets", fields)
    return Citation(
        f"{text}\nSoftware: microns-widgets, version {version}.", "\n\n".join([*entries, software])
    )


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _tex(text: str) -> str:
    return text.replace("_", r"\_")

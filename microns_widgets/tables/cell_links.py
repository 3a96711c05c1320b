"""Links from cells of MICrONS to the electron microscope's images and to the dataset's tutorial.

Other data have none: the sample is synthetic, and other datasets are not described there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import pandas as pd

from microns_widgets import releases
from microns_widgets.tables.type_systems import TYPE_SYSTEMS, types_in

#: Site that shows the public volume.
SITE = "https://spelunker.cave-explorer.org/"
IMAGES = "precomputed://https://bossdb-open-data.s3.amazonaws.com/iarpa_microns/minnie/minnie65/em"
#: Everybody may look at the cells of these versions; the service, which has those of the others,
#: asks for a login.
_FLAT = {117: "seg", 343: "seg_m343", 943: "seg_m943", 1300: "seg_m1300"}
_FLAT_FOLDER = "precomputed://gs://iarpa_microns/minnie/minnie65"
_SERVICE = "graphene://middleauth+https://minnie.microns-daf.com/segmentation/table/minnie65_public"
#: Size of a voxel in nm.
VOXEL = (4, 4, 40)
#: What a link contains in place of a cell's root id, and of its position in voxels.
ROOT_ID, POSITION = "$id", "$at"

#: The dataset's own tutorial; ``make addresses`` checks that it has each section.
TUTORIAL = "https://tutorial.microns-explorer.org"
#: The section of the tutorial that describes a table. Tables that came with a later release are
#: described in the manifest of that release.
SECTIONS: Mapping[str, str] = {
    releases.AUTO_TYPES: "annotation-tables.html#predictions-from-somanucleus-features",
    releases.CORRECTIONS: "release_manifests/version-1718.html#corrections-tables",
    releases.CELL_INFO: "release_manifests/version-1718.html#corrections-tables",
    releases.MULTIFEATURE: "release_manifests/version-1718.html#multifeature-cell-type",
    releases.MANUAL_TYPES: "annotation-tables.html#manual-cell-types-v1-column",
    releases.PROOFREADING: "annotation-tables.html#proofreading-status-and-strategy",
    releases.FIRST_PROOFREADING: "release_manifests/version-343.html#proofreading-status",
    releases.SYNAPSES: "annotation-tables.html#synapse-table",
}


class Link(NamedTuple):
    """A link: its text, its name for screen readers, and its address."""

    text: str
    name: str
    url: str


def has_images(source: str) -> bool:
    """Whether data of a source are from the volume that the images show."""
    return "minnie65" in source


def public_files() -> list[str]:
    """Return an address of each public data set that links open, as a browser asks for it."""
    folders = [IMAGES, *(f"{_FLAT_FOLDER}/{name}" for name in _FLAT.values())]
    https = (folder.removeprefix("precomputed://") for folder in folders)
    return [f"{url.replace('gs://', 'https://storage.googleapis.com/')}/info" for url in https]


def segmentation_of(source: str) -> str:
    """Return the address of the cells of a dataset's version."""
    version = re.search(r"version (\d+)", source)
    flat = _FLAT.get(int(version[1])) if version else None
    return f"{_FLAT_FOLDER}/{flat}" if flat else _SERVICE


def images_state(source: str, root_ids: Iterable[str] = ()) -> dict[str, Any]:
    """Return Neuroglancer's state for cells on top of the images."""
    return {
        "dimensions": dimensions(VOXEL),
        "layers": [
            {"type": "image", "source": [_source(IMAGES)], "name": "imagery"},
            {
                "type": "segmentation",
                "source": [_source(segmentation_of(source))],
                "segments": list(root_ids),
                "selectedAlpha": 0.2,
                "notSelectedAlpha": 0.0,
                "objectAlpha": 0.9,
                "segmentColors": {},
                "meshSilhouetteRendering": 0.0,
                "pick": True,
                "name": "segmentation",
            },
        ],
        "layout": "xy-3d",
        "showSlices": False,
        "crossSectionScale": 1.0,
        "projectionScale": 50000.0,
    }


def state_url(state: Mapping[str, Any], site: str = SITE) -> str:
    """Return the link that opens a state."""
    # encodeURI keeps the same characters, in the front end and in nglui.
    return f"{site}#!{quote(json.dumps(state, separators=(',', ':')), safe=_SAFE_CHARACTERS)}"


_SAFE_CHARACTERS = "!#$&'()*+,/:;=?@~"


def dimensions(nm: Iterable[float]) -> dict[str, Any]:
    """Return Neuroglancer's dimensions for voxels of this size."""
    return {axis: [value * 1e-9, "m"] for axis, value in zip("xyz", nm, strict=True)}


def _source(url: str) -> dict[str, Any]:
    return {
        "url": url,
        "transform": {"outputDimensions": dimensions(VOXEL)},
        "subsources": {},
        "enableDefaultSubsources": True,
    }


def voxels(position_nm: Sequence[float]) -> list[float]:
    """Return a position in voxels."""
    return [float(value) / nm for value, nm in zip(position_nm, VOXEL, strict=True)]


def table_links(source: str, *, synapses: bool = False) -> list[Link]:
    """Return links to the tutorial's descriptions of the tables that cells come from.

    Parameters
    ----------
    source : str
        Where the data come from.
    synapses : bool
        Whether to include the synapse table.

    Returns
    -------
    list of Link
        Empty if the data are not from MICrONS.
    """
    if not has_images(source):
        return []
    version = releases.version_in(source)
    known = releases.releases().get(version) if version else None
    first = known is not None and releases.FIRST_PROOFREADING in known.tables
    tables = {
        "Cell types": TYPE_SYSTEMS[types_in(source)].tables[-1],
        "Proofreading": releases.FIRST_PROOFREADING if first else releases.PROOFREADING,
    }
    if synapses:
        tables["Synapses"] = releases.SYNAPSES
    return [
        Link(
            f"{what} ↗",
            f"{what}: table {table}, described in the dataset's tutorial (new tab)",
            f"{TUTORIAL}/{SECTIONS[table]}",
        )
        for what, table in tables.items()
    ]


def links_of_cells(source: str) -> list[Link]:
    """Return links for any cell, with `ROOT_ID` and `POSITION` in place of its own.

    Returns
    -------
    list of Link
        Neuroglancer and `table_links`. Empty if the data are not from MICrONS.
    """
    if not has_images(source):
        return []
    state = images_state(source, [ROOT_ID]) | {"position": [POSITION]}
    # The position is three numbers, not a text.
    url = state_url(state).replace(quote(json.dumps(POSITION), safe=_SAFE_CHARACTERS), POSITION)
    images = Link("Neuroglancer ↗", f"Neuroglancer: images of cell {ROOT_ID} (new tab)", url)
    return [images, *table_links(source)]


def position_of(cell: pd.Series) -> list[int]:
    """Return the position of a row of the cell table, in whole voxels."""
    return [round(value) for value in voxels([cell[f"pt_position_{axis}"] for axis in "xyz"])]


def links_of(cell: pd.Series, source: str) -> list[Link]:
    """Return the links of a row of the cell table."""
    root_id, at = str(cell["pt_root_id"]), ",".join(map(str, position_of(cell)))
    return [
        Link(*(text.replace(ROOT_ID, root_id).replace(POSITION, at) for text in link))
        for link in links_of_cells(source)
    ]

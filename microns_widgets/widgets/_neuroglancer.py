"""Links that show cells and their synapses in Neuroglancer, on top of the EM images.

The state equals the one that the package nglui builds for the same cells; a test compares the
two. Root ids are strings here; nglui writes numbers, which JavaScript would round.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd

from microns_widgets import palette
from microns_widgets.errors import InvalidArgument

#: Site that shows the public volume.
SITE = "https://spelunker.cave-explorer.org/"
_IMAGES = "precomputed://https://bossdb-open-data.s3.amazonaws.com/iarpa_microns/minnie/minnie65/em"
#: Everybody may look at the cells of these versions; the service, which has those of the others,
#: asks for a login.
_FLAT = {117: "seg", 343: "seg_m343", 943: "seg_m943", 1300: "seg_m1300"}
_FLAT_FOLDER = "precomputed://gs://iarpa_microns/minnie/minnie65"
_SERVICE = "graphene://middleauth+https://minnie.microns-daf.com/segmentation/table/minnie65_public"
#: Size of a voxel in nm.
VOXEL = (4, 4, 40)
#: A link with more synapses would be too long for browsers.
MOST_SYNAPSES = 3000


def neuroglancer_sources(source: str) -> dict[str, Any] | None:
    """Return what a link needs to know about the dataset, or None if it has no images.

    Returns
    -------
    dict or None
        ``url`` of the site, ``state`` without cells and synapses, ``most`` synapses in a link.
    """
    if "minnie65" not in source:
        return None
    state = {
        "dimensions": _dimensions(VOXEL),
        "layers": [
            {"type": "image", "source": [_source(_IMAGES)], "name": "imagery"},
            {
                "type": "segmentation",
                "source": [_source(segmentation_of(source))],
                "segments": [],
                "selectedAlpha": 0.2,
                "notSelectedAlpha": 0.0,
                "objectAlpha": 0.9,
                "segmentColors": {},
                "meshSilhouetteRendering": 0.0,
                "pick": True,
                "name": "segmentation",
            },
            *(_annotation_layer(direction) for direction in ("input", "output")),
        ],
        "layout": "xy-3d",
        "showSlices": False,
        "crossSectionScale": 1.0,
        "projectionScale": 50000.0,
    }
    return {"url": SITE, "state": state, "most": MOST_SYNAPSES}


def segmentation_of(source: str) -> str:
    """Return the address of the cells of a dataset's version."""
    version = re.search(r"version (\d+)", source)
    flat = _FLAT.get(int(version[1])) if version else None
    return f"{_FLAT_FOLDER}/{flat}" if flat else _SERVICE


def neuroglancer_state(
    world: Mapping[str, Any],
    cells: Iterable[int],
    synapses: pd.DataFrame,
    position: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Return Neuroglancer's state for cells and synapses.

    Parameters
    ----------
    world : mapping
        Result of `_viewer_data.world`.
    cells : iterable of int
        Root ids.
    synapses : pandas.DataFrame
        Result of `_viewer_data.synapse_table`. The link contains the 3,000 largest.
    position : sequence of float, optional
        Centre of the first view, in nm.

    Raises
    ------
    InvalidArgument
        If the dataset has no images to show.
    """
    sources = world["neuroglancer"]
    if sources is None:
        raise InvalidArgument(
            f"This dataset ({world['source'] or 'unknown source'}) has no images to show. "
            "Neuroglancer links work for cells of the MICrONS dataset minnie65_public: "
            "mw.load(1300)."
        )
    state: dict[str, Any] = copy.deepcopy(sources["state"])
    if position is not None:
        state["position"] = [value / nm for value, nm in zip(position, VOXEL, strict=True)]
    _, segmentation, *sides = state["layers"]
    segmentation["segments"] = [str(root_id) for root_id in cells]
    largest = synapses
    if len(synapses) > sources["most"]:
        if "size" in synapses:
            synapses = synapses.sort_values("size", ascending=False, kind="stable")
        largest = synapses[: sources["most"]]
        largest = largest.sort_index()
    for side in sides:
        own = largest[largest["direction"] + "s" == side["name"]]
        side["annotations"] = [_point(row) for row in own.to_dict("records")]
    return state


def state_url(state: Mapping[str, Any], site: str = SITE) -> str:
    """Return the link that opens a state."""
    # encodeURI keeps the same characters, in the front end and in nglui.
    return f"{site}#!{quote(json.dumps(state, separators=(',', ':')), safe=_SAFE_CHARACTERS)}"


_SAFE_CHARACTERS = "!#$&'()*+,/:;=?@~"


def _dimensions(nm: Iterable[float]) -> dict[str, Any]:
    return {axis: [value * 1e-9, "m"] for axis, value in zip("xyz", nm, strict=True)}


def _source(url: str) -> dict[str, Any]:
    return {
        "url": url,
        "transform": {"outputDimensions": _dimensions(VOXEL)},
        "subsources": {},
        "enableDefaultSubsources": True,
    }


def _annotation_layer(direction: str) -> dict[str, Any]:
    local = {
        "url": "local://annotations",
        "transform": {"outputDimensions": _dimensions((1, 1, 1))},
    }
    return {
        "type": "annotation",
        "source": [local],
        "annotationColor": palette.color(direction),
        "annotations": [],
        "linkedSegmentationLayer": {"segments": "segmentation"},
        "annotationProperties": [],
        "toolBindings": {},
        "swapVisbleSegmentsOnMove": True,
        "name": f"{direction}s",
    }


def _point(synapse: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "point",
        "id": str(synapse["id"]),
        "description": synapse["partner_type"] or "unknown",
        "segments": [[str(synapse["partner_root_id"])]],
        "props": [],
        "point": [float(synapse[axis]) for axis in "xyz"],
    }

"""A small set of real data: one proofread basket cell, another skeleton, and the cell table.

``python -m microns_widgets.sources.real_data [folder]`` downloads the files, which the tests
use. Cite MICrONS, doi:10.1038/s41586-025-08790-w.
"""

from __future__ import annotations

import sys
from os import PathLike
from pathlib import Path

import pandas as pd

from microns_widgets._files import cache_folder
from microns_widgets.connectome import Connectome
from microns_widgets.sources.downloads import download
from microns_widgets.sources.folder import read_service_json
from microns_widgets.sources.workshop import BASE_URL, VERSIONS
from microns_widgets.tables.reading import read_cells, read_synapses, write_feather

_MESHPARTY = (
    "https://github.com/CAVEconnectome/MeshParty/raw/012cbda1ef779bd64310dfc1aebfd5d883f5ae7d"
)
_SKELETON_SERVICE = (
    "https://github.com/CAVEconnectome/SkeletonService/raw/640208536773d1a94afd297831c1759e80ce92f6"
)
_VERSION = 1300

#: The basket cell whose synapses are included.
BASKET_CELL = 864691135101289504
NEURON = f"neuron_{BASKET_CELL}"

#: Address, path in the folder, SHA-256.
FILES = (
    (
        f"{BASE_URL}/{VERSIONS[_VERSION].cells}",
        VERSIONS[_VERSION].cells,
        VERSIONS[_VERSION].cells_sha256,
    ),
    (
        f"{_MESHPARTY}/skel.json",
        f"{NEURON}/skeleton.json",
        "1ea3474d67aba1b2358fc6cbf24c05cc0e53a741b1c5ab317738848690f082c3",
    ),
    (
        f"{_MESHPARTY}/pre.feather",
        f"{NEURON}/pre.feather",
        "25a0ea4164ad4c60859cf2b77da9f8737f9d1def8448b29c9d458cacd5208768",
    ),
    (
        f"{_MESHPARTY}/post.feather",
        f"{NEURON}/post.feather",
        "8a5344bfe0c93e4083e162fe2fe06ad5544c79fea6494f414f92100cb50249dc",
    ),
    (
        f"{_SKELETON_SERVICE}/skeleton_864691135926952148_294657.swc",
        "skeleton_864691135926952148_294657.swc",
        "1832ac2c8ab1f3e89759363dbb9932e247cc632df5ca00d7e2c18a2e90f38e73",
    ),
)


def load_basket_cell(folder: str | PathLike[str]) -> Connectome:
    """Open the complete cell table with the synapses and the skeleton of `BASKET_CELL`.

    Parameters
    ----------
    folder : path
        Folder to which `fetch_real_data` wrote the files.
    """
    neuron = Path(folder) / NEURON
    source = f"MICrONS minnie65_public, version {_VERSION}"
    return Connectome(
        read_cells(Path(folder) / VERSIONS[_VERSION].cells, version=_VERSION),
        read_synapses(neuron / "synapses.feather"),
        {
            BASKET_CELL: read_service_json(
                neuron / "skeleton.json", root_id=BASKET_CELL, source=source
            )
        },
        source=source,
    )


def fetch_real_data(folder: Path) -> None:
    """Download the files into a folder and verify them; raise `DownloadError` on failure."""
    for url, name, sha256 in FILES:
        target = folder / name
        file = download(url, target.parent, sha256=sha256)
        if file.name != target.name:
            file.replace(target)
    neuron = folder / NEURON
    synapses = join_synapses(neuron / "pre.feather", neuron / "post.feather")
    write_feather(synapses, neuron / "synapses.feather")


def join_synapses(outputs: Path, inputs: Path) -> pd.DataFrame:
    """Join the outputs and inputs of one cell, each autapse once, in the order of the table."""
    both = pd.concat([read_synapses(outputs), read_synapses(inputs)])
    order = ["post_pt_root_id", "pre_pt_root_id", "size"]
    return both.drop_duplicates("id").sort_values(order, ignore_index=True)


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else cache_folder() / "real_data"
    fetch_real_data(where)
    print(
        f"The files are in {where}. To use them in the tests, run\n"
        f"  export MICRONS_REAL_DATA={where}"
    )

"""Public MICrONS data for the tests: ``python -m microns_widgets.sources.real_data [folder]``.

The files are those of one proofread basket cell, one other skeleton, and the workshop's
cell table. Cite MICrONS, doi:10.1038/s41586-025-08790-w.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from microns_widgets.index_cache import cache_folder
from microns_widgets.sources.workshop import BASE_URL, VERSIONS, download
from microns_widgets.tables import read_synapses, write_feather

_MESHPARTY = (
    "https://github.com/CAVEconnectome/MeshParty/raw/012cbda1ef779bd64310dfc1aebfd5d883f5ae7d"
)
_SKELETON_SERVICE = (
    "https://github.com/CAVEconnectome/SkeletonService/raw/640208536773d1a94afd297831c1759e80ce92f6"
)
NEURON = "neuron_864691135101289504"

#: Address, name below the folder, SHA-256.
FILES = (
    (f"{BASE_URL}/{VERSIONS[1300].cells}", VERSIONS[1300].cells, VERSIONS[1300].cells_sha256),
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


def fetch_real_data(folder: Path) -> None:
    """Fetch the files into a folder, checked by their checksums; raises `DownloadError`."""
    for url, name, sha256 in FILES:
        target = folder / name
        fetched = download(url, target.parent, sha256=sha256)
        if fetched.name != target.name:
            fetched.replace(target)
    neuron = folder / NEURON
    joined = join_synapses(neuron / "pre.feather", neuron / "post.feather")
    write_feather(joined, neuron / "synapses.feather")


def join_synapses(outputs: Path, inputs: Path) -> pd.DataFrame:
    """Join one cell's outputs and inputs, autapses once, in the synapse table's order."""
    both = pd.concat([read_synapses(outputs), read_synapses(inputs)])
    order = ["post_pt_root_id", "pre_pt_root_id", "size"]
    return both.drop_duplicates("id").sort_values(order, ignore_index=True)


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else cache_folder() / "real_data"
    fetch_real_data(where)
    print(
        f"The files are in {where}. Tests use them when you say\n  export MICRONS_REAL_DATA={where}"
    )

"""Fetches from a static export in tests, and the ways in which its server can fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from local_server import Reply
from static_world import EXPORT

import microns_widgets as mw
from microns_widgets.scale.static_export import fetch_static_dataset

ROWS, HEADER = f"v1412/{EXPORT}.csv.gz", f"v1412/{EXPORT}_header.csv"
#: Columns of the real file.
COLUMNS = [
    "id",
    *(f"{side}_pt_position_{axis}" for side in ("pre", "ctr", "post") for axis in "xyz"),
    "size",
    *(f"{side}_pt_{what}_id" for side in ("pre", "post") for what in ("supervoxel", "root")),
]


def some(sample: mw.Connectome) -> pd.DataFrame:
    """A fifth of the sample's synapses, autapses among them."""
    own = sample.synapses["pre_pt_root_id"] == sample.synapses["post_pt_root_id"]
    return sample.synapses[own | (np.arange(len(own)) % 5 == 0)]


def fetch(out: Path, cells=None, **options) -> tuple[Path, Path]:
    return fetch_static_dataset(1412, out, cells=cells, progress=False, **options)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def stops_after(n: int):
    """Send at most n bytes per connection, then close it."""

    def act(reply: Reply) -> None:
        content = reply.file.read_bytes()
        first = int((reply.headers.get("Range") or "bytes=0-").partition("=")[2].split("-")[0])
        if (reply.headers.get("Range") or "").endswith("-0"):
            reply.send_file(reply.file)
            return
        tag = reply.tag(content)
        where = f"bytes {first}-{len(content) - 1}/{len(content)}"
        size = str(len(content) - first)
        part = content[first : first + n]
        reply.answer(206, part, ETag=tag, Content_Range=where, Content_Length=size)
        reply.close_connection = True

    return act


def refuses_after(n: int):
    """Send n bytes, and refuse every later request for more."""
    first = stops_after(n)
    asked: list[str] = []

    def act(reply: Reply) -> None:
        extent = reply.headers.get("Range") or ""
        if not extent.endswith("-0"):
            asked.append(extent)
        if len(asked) > 1:
            reply.answer(404)
        else:
            first(reply)

    return act

"""Tables that are queried only when they are asked for: target structures and tuning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets._typing import IntArray
from microns_widgets.errors import CaveError, VersionNotFound
from microns_widgets.releases import COREGISTRATION, DIGITAL_TWIN, TARGETS
from microns_widgets.sources.cave.blocks import read_block, write_block
from microns_widgets.sources.cave.cells import query_table
from microns_widgets.sources.cave.client import guard_of, known_elsewhere, table_names
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.synapses.target_structure import TARGET_STRUCTURE
from microns_widgets.tables.nuclei import NUCLEUS_ID
from microns_widgets.tables.tuning import read_tuning

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

#: Names of the optional tables, as in ``microns data --optional``.
TUNING = "tuning"
OPTIONAL = (TARGET_STRUCTURE, TUNING)

_UNIT = ["session", "scan_idx", "unit_id"]
_QUALITY = ["residual", "score"]
_PROPERTIES = [
    *("cc_abs", "cc_max", "cc_norm", "OSI", "DSI", "gOSI", "gDSI"),
    *("pref_ori", "pref_dir", "readout_loc_x", "readout_loc_y"),
]
#: Synapses per query: the ids are sent with it.
_BLOCK = 20_000


def check_present(client: CAVEclientFull, optional: Sequence[str], version: int) -> None:
    """Raise `VersionNotFound` if the version lacks a table that was asked for."""
    if not optional:
        return
    guard_of(client)
    with known_elsewhere(client, version):
        present = set(table_names(client, version))
    missing = []
    if TARGET_STRUCTURE in optional and not present & set(TARGETS):
        missing.append(TARGETS[0])
    if TUNING in optional:
        missing.extend({COREGISTRATION, DIGITAL_TWIN} - present)
    if missing:
        raise VersionNotFound(
            f"Version {version} in CAVE lacks {', '.join(sorted(missing))}, which the optional "
            "tables need. Choose a newer version (`microns data --list`), or leave them out."
        )


def with_target_structures(
    client: CAVEclientFull,
    synapses: pd.DataFrame,
    version: int,
    folder: Path,
    *,
    progress: bool = True,
) -> pd.DataFrame:
    """Add the column ``target_structure`` to a synapse table.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    synapses : pandas.DataFrame
        The synapse table.
    version : int
        Materialization version.
    folder : path
        Folder for finished blocks. After an interruption, the same call queries only the
        missing blocks.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A copy with ``target_structure``, as CAVE names it (``tag``): ``"spine"``, ``"shaft"`` or
        ``"soma"``; ``""`` for synapses that the table does not have.
    """
    from tqdm.auto import tqdm

    with known_elsewhere(client, version):
        present = set(table_names(client, version))
    name = next(table for table in TARGETS if table in present)
    ids = np.sort(synapses["id"].to_numpy(dtype=np.int64))
    parts = [pd.DataFrame({"target_id": ids[:0], "tag": np.empty(0, dtype=object)})]
    title = "target structures"
    with tqdm(total=len(ids), desc=title, unit="synapse", disable=not progress) as bar:
        for first in range(0, len(ids), _BLOCK):
            block = ids[first : first + _BLOCK]
            parts.append(_tags(client, name, block, version, folder))
            bar.update(len(block))
    tags = pd.concat(parts, ignore_index=True)
    found = tags.drop_duplicates("target_id").set_index("target_id")["tag"]
    structures = synapses["id"].astype(np.int64).map(found).fillna("")
    # Categories are stored as a number per row.
    return synapses.assign(**{TARGET_STRUCTURE: structures.astype("category")})


def _tags(
    client: CAVEclientFull, name: str, ids: IntArray, version: int, folder: Path
) -> pd.DataFrame:
    digest = hashlib.blake2b(ids.tobytes(), digest_size=8).hexdigest()
    file = folder / f"{client.datastack_name}-{version}-targets-{digest}.feather"
    table = read_block(file, pd.read_feather)
    if table is not None:
        return table
    guard = guard_of(client)
    guard.truncated = False
    what = f"the target structures of {len(ids):,} synapses in version {version}"
    with known_elsewhere(client, version), explained(what):
        answer: pd.DataFrame = client.materialize.query_table(
            name,
            filter_in_dict={"target_id": ids.tolist()},
            select_columns=["target_id", "tag"],
            materialization_version=version,
            merge_reference=False,
            metadata=False,
        )
    if guard.truncated:
        half = len(ids) // 2
        parts = [_tags(client, name, some, version, folder) for some in (ids[:half], ids[half:])]
        return pd.concat(parts, ignore_index=True)
    _check_columns(answer, name, ["target_id", "tag"], version)
    if not answer["target_id"].isin(ids).all():
        raise CaveError(
            f"CAVE returned target structures of synapses that were not requested ({name}, version "
            f"{version}). Nothing was cached; try again later."
        )
    check_complete(client, len(answer), name, version, filters={"target_id": ids.tolist()})
    write_block(answer[["target_id", "tag"]], file)
    return answer


def fetch_tuning(client: CAVEclientFull, version: int) -> pd.DataFrame:
    """Query the tuning of the cells that were matched with functional recordings by hand.

    Returns
    -------
    pandas.DataFrame
        One row per unit (`tables.tuning.TUNING_COLUMNS`, the other properties of the digital twin,
        and ``residual`` and ``score`` of the match). Units without a digital twin are left out.
    """
    guard_of(client)
    with known_elsewhere(client, version):
        tables = {
            name: query_table(client, name, version) for name in (COREGISTRATION, DIGITAL_TWIN)
        }
    matches, twins = tables[COREGISTRATION], tables[DIGITAL_TWIN]
    _check_columns(matches, COREGISTRATION, ["target_id", *_UNIT, *_QUALITY], version)
    _check_columns(twins, DIGITAL_TWIN, [*_UNIT, *_PROPERTIES], version)
    # A unit is identified by its scan in both tables; what `target_id` refers to differs.
    units = matches[["target_id", *_UNIT, *_QUALITY]].rename(columns={"target_id": NUCLEUS_ID})
    joined = units.merge(twins[[*_UNIT, *_PROPERTIES]].drop_duplicates(_UNIT), on=_UNIT)
    if joined.empty:
        raise CaveError(
            f"No unit of {COREGISTRATION} is in {DIGITAL_TWIN} in version {version}. Nothing was "
            "saved; choose another version."
        )
    with explained(f"the tuning of version {version}"):
        return read_tuning(joined.drop_duplicates([NUCLEUS_ID, *_UNIT]))


def _check_columns(table: pd.DataFrame, name: str, expected: list[str], version: int) -> None:
    absent = [column for column in expected if column not in table]
    if absent:
        raise CaveError(
            f"CAVE's table {name} of version {version} has no column "
            f"{', '.join(map(repr, absent))}. Nothing was saved. Leave out this optional table; if "
            "the error persists, tell the datastack's maintainers."
        )

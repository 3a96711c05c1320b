"""Data sources: the built-in sample, a folder, the workshop's files, static tables, and CAVE."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from microns_widgets._arguments import checks_arguments, is_several
from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidCall, InvalidType, quoted
from microns_widgets.sources.sample import load_sample
from microns_widgets.tables.type_systems import DEFAULT_TYPES

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

__all__ = ["load"]


@checks_arguments
def load(
    data: int | str | PathLike[str] | None = None,
    *,
    client: CAVEclientFull | None = None,
    root_ids: Sequence[int] | None = None,
    nucleus_ids: bool = False,
    base_url: str | None = None,
    static_url: str | None = None,
    skeleton_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    optional: Sequence[str] = (),
    types: str | None = None,
    progress: bool = True,
    quiet: bool = False,
) -> Connectome:
    """Load a connectome.

    ==========================  ======================================================
    call                        data
    ==========================  ======================================================
    ``load()``                  the built-in sample: synthetic, works offline, needs no account
    ``load("sample")``          the same
    ``load(1300)``              the workshop's tables of version 1300, downloaded once, with
                                public skeletons; needs no account
    ``load(1300, client=c)``    the same tables, with skeletons of any cell from this client
    ``load(1412)``              the cells of an expired release (also 1181, 1078, 943, 795), from
                                its static tables, without synapses; needs no account
    ``load("folder/")``         ``cell_info_*`` and ``synapses_*`` files of your own
    ``load(client=c)``          tables queried from CAVE once, with skeletons
    ==========================  ======================================================

    Real tables have no autapses (synapses of a cell onto itself), since many of them are errors of
    the segmentation; ``con.n_autapses`` counts them. The sample has some.

    Parameters
    ----------
    data : int or str or path, optional
        Materialization version (``1300`` or ``"1300"``), ``"sample"``, or a folder.
    client : caveclient.CAVEclient, optional
        A client of the datastack, with a token.
    root_ids : sequence of int, optional
        The cells whose synapses are queried, if there is a client and `data` is omitted.
        Default: all proofread cells of V1.
    nucleus_ids : bool
        Whether to add the column ``nucleus_id`` to the workshop's cell table, which lacks it. The
        ids come from the static table of nuclei (5 MB), by position. All other tables of real data
        have the column anyway.
    base_url : str, optional
        Address of the folder with the workshop's files, such as a mirror. Default: the environment
        variable ``MICRONS_BASE_URL``, or the workshop's own address.
    static_url : str, optional
        Address of the folder with the static tables of expired releases, such as a mirror.
        Default: the environment variable ``MICRONS_STATIC_URL``, or the tables' own address.
    skeleton_url : str, optional
        Address of the folder with the public SWC files, such as a mirror. Default: the
        environment variable ``MICRONS_SKELETON_URL``, or the files' own address.
    cache_dir : path, optional
        Folder for downloaded files. Default: the cache folder of the operating system.
    optional : sequence of str
        Optional tables that are queried with a client if `data` is omitted: ``"target_structure"``
        (see `Connectome.with_target_structure`), ``"tuning"`` (see `Connectome.tuning`).
    types : str, optional
        System of cell types from which the automatic types are taken, if there is a client and
        `data` is omitted: ``"metamodel"`` (the workshop's, and the default),
        ``"metamodel_corrected"``, ``"cell_type_multifeature_combo"`` or ``"aibs_cell_info"``
        (version 1718 and later).
    progress : bool
        Whether to show progress bars.
    quiet : bool
        Whether to omit the notice that the sample is synthetic.

    Returns
    -------
    Connectome

    Raises
    ------
    TableError, IndexDamaged, DownloadError, CaveError, WriteError
        If the data cannot be loaded or cached; the message says why and what to do.
    InvalidType
        If `data` is neither a version nor ``"sample"`` nor a path.
    InvalidArgument
        If `nucleus_ids` is set but `data` is not a version, or if there are no such `types`.
    InvalidRootIds
        If `root_ids` are not whole numbers.
    InvalidCall
        If `optional` or `types` is given without a client, or together with `data`.

    Examples
    --------
    >>> con = mw.load(quiet=True)
    >>> con
    <Connectome 4,537 cells, 213,254 synapses, synthetic sample>
    >>> con = mw.load(1300)  # doctest: +SKIP
    """
    if client is not None:
        _check_client(client)
    if isinstance(data, str) and data == "sample":
        data = None
    elif isinstance(data, str) and data.isdecimal():
        # A version from an environment variable is a string.
        data = int(data)
    tables = _names(optional)
    if tables and (client is None or data is not None):
        raise InvalidCall(
            f"optional={quoted(optional)} needs a client and no version: load(client=..., "
            "optional=...). For a folder, `microns data --optional NAME --out folder/` adds them."
        )
    if types is not None and (client is None or data is not None):
        raise InvalidCall(
            f"types={quoted(types)} needs a client and no version: load(client=..., types=...). "
            "For a folder, choose the types when you write it: `microns data --types NAME "
            "--out folder/`."
        )
    skeletons: Skeletons | None = None
    if nucleus_ids and not isinstance(data, int | np.integer):
        raise InvalidArgument(
            f"load() was given nucleus_ids=True with data={quoted(data)}, expected a version: "
            "load(1300, nucleus_ids=True). Tables queried from CAVE have the column anyway."
        )
    if client is not None:
        # Imported here: caveclient takes a second to import, and is needed only for CAVE.
        from microns_widgets.sources.cave import CaveSkeletons, load_cave

        if data is None:
            return load_cave(
                client,
                root_ids=root_ids,
                cache_dir=cache_dir,
                optional=tables,
                types=types or DEFAULT_TYPES,
                progress=progress,
            )
        skeletons = CaveSkeletons(client)
    if data is None:
        return load_sample(quiet=quiet)
    if isinstance(data, int | np.integer) and not isinstance(data, bool):
        data = int(data)
        # Other sources are imported when they are chosen: the first call in a notebook is load().
        from microns_widgets.sources.static_release import has_static_cells, load_static
        from microns_widgets.sources.workshop import VERSIONS, load_workshop

        if data not in VERSIONS and has_static_cells(data):
            return load_static(
                data,
                static_url=static_url,
                skeleton_url=skeleton_url,
                cache_dir=cache_dir,
                skeletons=skeletons,
                progress=progress,
            )
        return load_workshop(
            data,
            nucleus_ids=nucleus_ids,
            static_url=static_url,
            base_url=base_url,
            skeleton_url=skeleton_url,
            cache_dir=cache_dir,
            skeletons=skeletons,
            progress=progress,
        )
    if not isinstance(data, str | PathLike):
        raise InvalidType(
            f"load() was called with {quoted(data)}. Expected a version such as 1300, a folder, or "
            "nothing for the built-in sample."
        )
    from microns_widgets.sources.folder import datastack_of, load_folder

    if client is not None and (stack := datastack_of(data)) is not None:
        if client.datastack_name != stack.name:
            raise InvalidArgument(
                f"The client belongs to {client.datastack_name}, but the folder's data belong to "
                f"{stack.name}. Use a client of that datastack: connect(datastack={stack.name!r})."
            )
        skeletons = CaveSkeletons(client, source=stack.source(None))
    return load_folder(data, skeletons=skeletons)


def _names(optional: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the names of optional tables as a tuple."""
    if optional is None:
        return ()
    if isinstance(optional, str):
        return (optional,)
    if not is_several(optional):
        raise InvalidType(
            f"optional={quoted(optional)} is not a list of names. Expected for example "
            "['target_structure', 'tuning']."
        )
    return tuple(optional)


def _check_client(client: object) -> None:
    """Raise `InvalidType` for what is easily given in place of a client."""
    if hasattr(client, "datastack_name"):
        return
    cure = "Create one: caveclient.CAVEclient('minnie65_public'), or mw.TokenPanel().client."
    # Looked up without a call: a panel's client raises an error until its token is checked.
    if inspect.getattr_static(client, "client", missing := object()) is not missing:
        cure = "It has one: client=panel.client."
    elif isinstance(client, str):
        cure = f"Connect first: caveclient.CAVEclient({quoted(client)}), or mw.TokenPanel().client."
    raise InvalidType(f"client={quoted(client)} is not a CAVE client. {cure}")

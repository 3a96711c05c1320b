"""Where data come from: the built-in sample, a folder, the workshop's files, or CAVE."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.sources.folder import load_folder
from microns_widgets.sources.sample import load_sample
from microns_widgets.sources.workshop import load_workshop

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

__all__ = ["load"]


def load(
    data: int | str | PathLike[str] | None = None,
    *,
    client: CAVEclientFull | None = None,
    root_ids: Sequence[int] | None = None,
    base_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    progress: bool = True,
    quiet: bool = False,
) -> Connectome:
    """Load a connectome.

    ==========================  ======================================================
    call                        what it loads
    ==========================  ======================================================
    ``load()``                  the built-in sample: synthetic, offline, no account
    ``load("sample")``          the same, in a word that a variable can hold
    ``load(1300)``              the workshop's tables of that version, downloaded once;
                                skeletons from CAVE, where a token is saved
    ``load(1300, client=c)``    the same, with this client's skeletons
    ``load("folder/")``         ``cell_info_*`` and ``synapses_*`` files of your own
    ``load(client=c)``          the tables queried from CAVE once, with skeletons
    ==========================  ======================================================

    Parameters
    ----------
    data : int or str or path, optional
        Materialization version (``1300`` or ``"1300"``), ``"sample"``, or a folder.
    client : caveclient.CAVEclient, optional
        A client of the datastack, with a token.
    root_ids : sequence of int, optional
        With a client and without `data`: the cells whose synapses are queried, instead
        of all proofread ones of V1.
    base_url : str, optional
        Where the workshop's files are; a mirror of them.
    cache_dir : path, optional
        Where downloaded files are kept.
    progress : bool
        Whether bars show how far long work is.
    quiet : bool
        Whether the line is left out that says that the sample is synthetic.

    Returns
    -------
    Connectome

    Raises
    ------
    TableError, DownloadError, CaveError
        With what was wrong and what to do next.
    """
    if data == "sample":
        data = None
    elif isinstance(data, str) and data.isdecimal():
        # From an environment variable a version comes as text.
        data = int(data)
    skeletons: Skeletons | None = None
    if client is not None:
        # caveclient takes a second to import: only who uses it pays for it.
        from microns_widgets.sources.cave import CaveSkeletons, load_cave

        if data is None:
            return load_cave(client, root_ids=root_ids, cache_dir=cache_dir, progress=progress)
        skeletons = CaveSkeletons(client)
    if data is None:
        return load_sample(quiet=quiet)
    if isinstance(data, int):
        if skeletons is None:
            # Imported here: the requests of CAVE take a moment that the sample does not need.
            from microns_widgets.sources.cave import SkeletonsOnDemand

            skeletons = SkeletonsOnDemand()
        return load_workshop(
            data, base_url=base_url, cache_dir=cache_dir, skeletons=skeletons, progress=progress
        )
    return load_folder(data, skeletons=skeletons)

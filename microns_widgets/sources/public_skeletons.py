"""Skeletons from the public SWC files of one release, which need no account."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Container
from functools import cached_property
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from microns_widgets import releases
from microns_widgets._files import cache_folder, expanded, whole_file
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import DownloadError, SkeletonError, SkeletonNotFound, WriteError
from microns_widgets.sources.downloads import failed, status_of, stream
from microns_widgets.tables.root_ids import one_id

#: The version whose root ids the files have.
VERSION = releases.available_from(releases.PUBLIC_SKELETONS)[0].version
#: Folder with the files. For a mirror, set ``MICRONS_SKELETON_URL``.
BASE_URL = "https://storage.googleapis.com/microns-static-links/skel/swc"
#: Its subfolders, proofread neurons first, and what captions say of their skeletons.
FOLDERS = {"proofread": "", "dendrite": ", dendrites only (the axon was removed)"}
#: A storage bucket whose files cannot be listed returns 403 for a missing file.
_MISSING = (403, 404)
#: Three times the file size of the longest axons in the volume.
_MOST_BYTES = 64 << 20
#: The nucleus is in the soma, so their centres are closer than this, in nm.
_NEAR_NUCLEUS = 50_000.0
_AXES = [f"pt_position_{axis}" for axis in "xyz"]


class PublicSkeletons:
    """Skeletons from the public SWC files, downloaded one at a time when they are needed.

    Skeletons of proofread neurons include the axon, those of all other typed cells only the
    dendrites; the skeleton's `source` says which.

    Parameters
    ----------
    proofread : container of int
        Cells that are first looked up among the proofread neurons.
    base_url : str, optional
        Address of the folder with the files, such as a mirror. Default: the environment
        variable ``MICRONS_SKELETON_URL``, or the files' own address.
    folder : path, optional
        Folder for downloaded files. Default: the cache folder of the operating system.
    source : str
        Source of the data, for captions.
    cells : pandas.DataFrame, optional
        The cell table: a skeleton whose soma is not at its cell's nucleus is then refused. The
        files themselves do not say whose skeleton they contain.
    """

    def __init__(
        self,
        proofread: Container[int] = (),
        *,
        base_url: str | None = None,
        folder: str | PathLike[str] | None = None,
        source: str = f"MICrONS minnie65_public, version {VERSION}",
        cells: pd.DataFrame | None = None,
    ) -> None:
        self._cells = cells
        self._proofread = proofread
        #: Address of the folder with the files.
        self.base_url = (base_url or os.environ.get("MICRONS_SKELETON_URL") or BASE_URL).rstrip("/")
        home = expanded(folder) if folder else cache_folder() / "skeletons"
        self._folder = home / f"public_{VERSION}"
        self._source = source

    def __getitem__(self, root_id: int) -> Skeleton:
        """Return one cell's skeleton, in nm.

        Raises
        ------
        SkeletonNotFound
            If there is no public file of the cell.
        DownloadError
            If the file cannot be downloaded, or is not the skeleton of this cell. The file is
            then discarded.
        """
        number = one_id(root_id)
        kinds = list(FOLDERS)
        if number not in self._proofread:
            kinds.reverse()
        for kind in kinds:
            if (skeleton := self._from_disk(number, kind)) is not None:
                return skeleton
        for kind in kinds:
            if (skeleton := self._from_network(number, kind)) is not None:
                return skeleton
        raise SkeletonNotFound(
            f"There is no public skeleton of cell {number}: only proofread neurons and typed cells "
            f"of version {VERSION} have one. With a free token, CAVE can create one for any cell: "
            f"mw.load({VERSION}, client=mw.TokenPanel().client)."
        )

    def _file(self, root_id: int, kind: str) -> Path:
        return self._folder / kind / f"{root_id}.swc"

    def _read(self, path: Path, root_id: int, kind: str) -> Skeleton:
        source = f"{self._source}{FOLDERS[kind]}"
        skeleton = Skeleton.from_swc(path, root_id=root_id, source=source)
        nucleus = self._nuclei.get(root_id)
        if nucleus is not None and skeleton.soma is not None:
            away = float(np.linalg.norm(skeleton.vertices[skeleton.root] - nucleus))
            if away > _NEAR_NUCLEUS:
                raise SkeletonError(
                    f"Its soma is {away / 1000:,.0f} um away from the nucleus of cell {root_id}: "
                    "it is the skeleton of another cell."
                )
        return skeleton

    @cached_property
    def _nuclei(self) -> dict[int, np.ndarray]:
        """The position of each cell's nucleus, in nm."""
        if self._cells is None:
            return {}
        positions = self._cells[_AXES].to_numpy(dtype=np.float64)
        return dict(zip(self._cells["pt_root_id"].tolist(), positions, strict=True))

    def _from_disk(self, root_id: int, kind: str) -> Skeleton | None:
        path = self._file(root_id, kind)
        try:
            return self._read(path, root_id, kind) if path.is_file() else None
        except SkeletonError:  # the cached file is damaged: download it again
            return None

    @staticmethod
    def _keep(path: Path, target: Path) -> None:
        try:
            with whole_file(target) as temporary:
                shutil.copyfile(path, temporary)
        except WriteError as error:
            # The skeleton is still returned; the next session downloads it again.
            warnings.warn(f"The skeleton is not cached. {error}", stacklevel=4)

    def _from_network(self, root_id: int, kind: str) -> Skeleton | None:
        url = f"{self.base_url}/{kind}/{root_id}.swc"
        advice = (
            "Check your network connection and try again; skeletons that were downloaded before "
            "are available offline. The built-in sample needs no network: load()."
        )
        try:
            with TemporaryDirectory() as temporary:
                path = Path(temporary) / f"{root_id}.swc"
                stream(url, path, most_bytes=_MOST_BYTES)
                skeleton = self._read(path, root_id, kind)
                self._keep(path, self._file(root_id, kind))
            return skeleton
        except OSError as error:  # requests' errors are OSErrors, too
            if status_of(error) in _MISSING:
                return None
            raise failed(url, error, advice) from error
        except SkeletonError as error:
            raise DownloadError(
                f"{url} is not the skeleton of this cell: {error} The file was discarded. If your "
                "network has a login page, log in there in a browser first; then try again."
            ) from error

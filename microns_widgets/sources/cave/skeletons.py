"""Skeletons from CAVE's skeleton service, one or many, kept on disk, without cloud-volume."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microns_widgets._files import cache_folder, write_text
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonNotFound, WriteError
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.guard import explained

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

#: The service gives no more in one answer.
MOST_AT_ONCE = 500
_KEPT = ("vertices", "edges", "radius", "compartment", "root", "meta")


class SkeletonFiles:
    """Skeletons kept on disk, as the service's dictionaries.

    Parameters
    ----------
    datastack : str
        Whose skeletons.
    folder : path, optional
        Where they are kept; by default a folder in the platform's cache.
    """

    def __init__(self, datastack: str, folder: str | PathLike[str] | None = None) -> None:
        self._folder = (Path(folder) if folder else cache_folder() / "skeletons") / datastack

    def _file(self, root_id: int) -> Path:
        return self._folder / f"{root_id}.json"

    def read(self, root_id: int) -> dict[str, Any] | None:
        """Return a cell's dictionary; None if there is none, or if it is damaged."""
        try:
            content: dict[str, Any] = json.loads(self._file(root_id).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return content

    def keep(self, root_id: int, content: dict[str, Any]) -> None:
        """Write a cell's dictionary, whole or not at all."""
        plain = {key: np.asarray(content[key]).tolist() for key in _KEPT[:-1] if key in content}
        plain["meta"] = {"root_id": root_id}
        write_text(self._file(root_id), json.dumps(plain))


class CaveSkeletons:
    """Skeletons on demand.

    `get_skeleton` of caveclient needs the package cloud-volume; this asks through
    `fetch_skeletons`, which does not, and lets the service make a skeleton that it does
    not have yet.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    folder : path, optional
        Where skeletons are kept; by default a folder in the platform's cache.
    wait : float
        Seconds to wait for a skeleton that the service has to make first.
    source : str
        For captions.
    """

    def __init__(
        self,
        client: CAVEclientFull,
        *,
        folder: str | PathLike[str] | None = None,
        wait: float = 120.0,
        source: str = "",
    ) -> None:
        self._client = client
        self._files = SkeletonFiles(str(client.datastack_name), folder)
        self._wait = wait
        self._source = source or f"MICrONS {client.datastack_name}"

    def __getitem__(self, root_id: int) -> Skeleton:
        """Return one cell's skeleton, in nm; raises `SkeletonNotFound`."""
        found = self._files.read(root_id) or self._fetch_one(root_id)
        return Skeleton.from_cave(found, root_id=root_id, source=self._source)

    def fetch_many(self, root_ids: Iterable[int], *, progress: bool = True) -> list[int]:
        """Fetch the skeletons that the service has, 500 at a time, for later use.

        Parameters
        ----------
        root_ids : iterable of int
            The cells.
        progress : bool
            Whether a bar shows how far it is.

        Returns
        -------
        list of int
            Cells for which the service has no skeleton; it was asked to make them.
        """
        from tqdm.auto import tqdm

        wanted = [int(root_id) for root_id in root_ids if self._files.read(int(root_id)) is None]
        missing: list[int] = []
        with tqdm(total=len(wanted), desc="skeletons", disable=not progress) as bar:
            for first in range(0, len(wanted), MOST_AT_ONCE):
                some = wanted[first : first + MOST_AT_ONCE]
                found = self._ask(some)
                missing += [root_id for root_id in some if root_id not in found]
                bar.update(len(some))
        return missing

    def _fetch_one(self, root_id: int) -> dict[str, Any]:
        until = time.monotonic() + self._wait
        pause = 0.5
        while not (found := self._ask([root_id])):
            if time.monotonic() + pause > until:
                raise SkeletonNotFound(
                    f"CAVE has no skeleton of cell {root_id} yet and did not make one within "
                    f"{self._wait:.0f} s. Try again in some minutes, or check that the id is one "
                    "of this version."
                )
            time.sleep(pause)
            pause = min(2 * pause, 10.0)
        return found[root_id]

    def _ask(self, root_ids: list[int]) -> dict[int, dict[str, Any]]:
        """Ask for skeletons, keep what comes, and have the others made."""
        guard_of(self._client)
        with explained(f"{len(root_ids)} skeletons" if len(root_ids) > 1 else "a skeleton"):
            # Plain ints: numpy's are not JSON serializable there.
            answer = self._client.skeleton.fetch_skeletons(
                [int(root_id) for root_id in root_ids],
                output_format="dict",
                generate_missing_skeletons=True,
            )
        found = {int(root_id): content for root_id, content in answer.items()}
        try:
            for root_id, content in found.items():
                self._files.keep(root_id, content)
        except WriteError as error:
            # What was fetched is handed over all the same; only the next session asks again.
            warnings.warn(f"The skeletons are not cached. {error}", stacklevel=2)
        return found

"""Skeletons from CAVE's skeleton service, one or many, cached on disk, without cloud-volume."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from microns_widgets._files import cache_folder, expanded, write_text
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import (
    CaveError,
    SkeletonError,
    SkeletonNotFound,
    WriteError,
    one_line,
)
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cave.secret import refuse_pickling
from microns_widgets.tables.root_ids import id_array, one_id

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

#: The service returns at most this many skeletons per request.
MOST_AT_ONCE = 500
_KEYS = ("vertices", "edges", "radius", "compartment", "root", "meta")


class SkeletonFiles:
    """Skeletons on disk, as the service's dictionaries.

    Parameters
    ----------
    datastack : str
        Name of the dataset.
    folder : path, optional
        Folder for the files. Default: the cache folder of the operating system.
    """

    def __init__(self, datastack: str, folder: str | PathLike[str] | None = None) -> None:
        self._folder = (expanded(folder) if folder else cache_folder() / "skeletons") / datastack

    def _file(self, root_id: int) -> Path:
        return self._folder / f"{root_id}.json"

    def read(self, root_id: int) -> dict[str, Any] | None:
        """Return the dictionary of a cell; None if it is missing or damaged."""
        try:
            content = json.loads(self._file(root_id).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) and content.keys() >= set(_KEYS) else None

    def skeleton(self, root_id: int, source: str) -> Skeleton | None:
        """Return the skeleton of a cell; None if there is no valid file of it."""
        if content := self.read(root_id):
            with suppress(SkeletonError, TypeError, ValueError):
                return Skeleton.from_cave(content, root_id=root_id, source=source)
        return None

    def keep(self, root_id: int, content: dict[str, Any]) -> None:
        """Write the dictionary of a cell; no partial file is left."""
        plain = {key: np.asarray(content[key]).tolist() for key in _KEYS[:-1] if key in content}
        plain["meta"] = {"root_id": root_id}
        write_text(self._file(root_id), json.dumps(plain))


class CaveSkeletons:
    """Skeletons on demand.

    caveclient's `get_skeleton` needs the package cloud-volume. This class uses `fetch_skeletons`,
    which does not need it, and asks the service to create missing skeletons.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    folder : path, optional
        Folder for the skeletons. Default: the cache folder of the operating system.
    wait : float
        Seconds to wait for a skeleton that the service has to create first.
    source : str
        Source of the data, for captions.
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

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        refuse_pickling()  # also guards a client that was created elsewhere

    def __getitem__(self, root_id: int) -> Skeleton:
        """Return one cell's skeleton, in nm; raise `SkeletonNotFound` if the service has none."""
        number = one_id(root_id)
        return self._files.skeleton(number, self._source) or self._fetch_one(number)

    def fetch_many(self, root_ids: Iterable[int], *, progress: bool = True) -> list[int]:
        """Download the skeletons that the service has, 500 at a time, for later use.

        Parameters
        ----------
        root_ids : iterable of int
            The cells.
        progress : bool
            Whether to show a progress bar.

        Returns
        -------
        list of int
            Cells whose skeletons the service does not have yet; it was asked to create them.
        """
        from tqdm.auto import tqdm

        ids = [
            i for i in id_array([*root_ids]).tolist() if not self._files.skeleton(i, self._source)
        ]
        missing: list[int] = []
        with tqdm(total=len(ids), desc="skeletons", disable=not progress) as bar:
            for first in range(0, len(ids), MOST_AT_ONCE):
                some = ids[first : first + MOST_AT_ONCE]
                skeletons = self._ask(some)
                missing += [root_id for root_id in some if root_id not in skeletons]
                bar.update(len(some))
        return missing

    def _fetch_one(self, root_id: int) -> Skeleton:
        until = time.monotonic() + self._wait
        pause = 0.5
        while not (skeletons := self._ask([root_id])):
            if time.monotonic() + pause > until:
                raise SkeletonNotFound(
                    f"CAVE has no skeleton of cell {root_id} yet and did not create one within "
                    f"{self._wait:.0f} s. Try again in a few minutes, or check that the root id "
                    "is from this version."
                )
            time.sleep(pause)
            pause = min(2 * pause, 10.0)
        return skeletons[root_id]

    def _ask(self, root_ids: list[int]) -> dict[int, Skeleton]:
        """Request skeletons, cache those that arrive, and ask the service to create the others."""
        guard_of(self._client)
        with explained(f"{len(root_ids)} skeletons" if len(root_ids) > 1 else "a skeleton"):
            # Plain ints: caveclient cannot serialize numpy's.
            response = self._client.skeleton.fetch_skeletons(
                [int(root_id) for root_id in root_ids],
                output_format="dict",
                generate_missing_skeletons=True,
            )
            sent = {i: response[str(i)] for i in root_ids if str(i) in response}
            others = sorted(set(response) - set(map(str, root_ids)))
        if others:
            raise CaveError(
                f"CAVE returned skeletons of cells that were not requested, such as "
                f"{one_line(str(others[0]), 40)}. Nothing was cached; try again later."
            )
        # Checked before they are cached: a bad response must not stay there.
        skeletons, problems = {}, {}
        for root_id, content in sent.items():
            try:
                skeletons[root_id] = Skeleton.from_cave(
                    content, root_id=root_id, source=self._source
                )
            except (SkeletonError, TypeError, ValueError) as error:
                problems[root_id] = error
        try:
            for root_id in skeletons:
                self._files.keep(root_id, sent[root_id])
        except WriteError as error:
            # The skeletons are returned all the same; the next session downloads them again.
            warnings.warn(f"The skeletons are not cached. {error}", stacklevel=2)
        for root_id, problem in problems.items():
            raise CaveError(
                f"CAVE's response for cell {root_id} is not a skeleton ({problem}). It was not "
                "cached; try again later, or leave out this cell."
            ) from problem
        return skeletons

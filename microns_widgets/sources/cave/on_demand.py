"""Skeletons for tables that need no account: a token is looked up only when it is needed."""

from __future__ import annotations

from os import PathLike

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.sources.cave.client import DATASTACK, connect
from microns_widgets.sources.cave.skeletons import CaveSkeletons, SkeletonFiles
from microns_widgets.sources.cave.tokens import SERVER, find_token


class SkeletonsOnDemand:
    """Skeletons of a public datastack, from disk or, if there is a token, from CAVE.

    The token is looked up, and the network used, only when a skeleton is requested that is not
    on disk. A token may therefore be saved later.

    Parameters
    ----------
    datastack : str
        Name of the dataset.
    server_address : str
        Address of the CAVE server.
    folder : path, optional
        Folder for the skeletons. Default: the cache folder of the operating system.
    """

    def __init__(
        self,
        datastack: str = DATASTACK,
        *,
        server_address: str = SERVER,
        folder: str | PathLike[str] | None = None,
    ) -> None:
        self._datastack = datastack
        self._server_address = server_address
        self._folder = folder
        self._files = SkeletonFiles(datastack, folder)
        self._fetching: CaveSkeletons | None = None

    def __getitem__(self, root_id: int) -> Skeleton:
        """Return one cell's skeleton, in nm.

        Raises
        ------
        SkeletonNotFound
            If it is not on disk and there is no token, or if CAVE does not have it.
        CaveError
            If CAVE refuses the token, or does not answer.
        """
        if skeleton := self._files.skeleton(root_id, f"MICrONS {self._datastack}"):
            return skeleton
        if self._fetching is None:
            if find_token(self._server_address) is None:
                raise SkeletonNotFound(
                    f"The skeleton of cell {root_id} is not on this computer, and there is no "
                    "CAVE token to download it with. Run mw.TokenPanel() in a cell, enter a "
                    "token (it is free) and save it; then run this cell again."
                )
            client = connect(datastack=self._datastack, server_address=self._server_address)
            self._fetching = CaveSkeletons(client, folder=self._folder)
        return self._fetching[root_id]

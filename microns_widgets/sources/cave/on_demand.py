"""Skeletons for tables that came without an account: the token is looked for when one is needed."""

from __future__ import annotations

from os import PathLike

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.sources.cave.client import DATASTACK, connect
from microns_widgets.sources.cave.skeletons import CaveSkeletons, SkeletonFiles
from microns_widgets.sources.cave.tokens import SERVER, find_token


class SkeletonsOnDemand:
    """Skeletons of a public datastack: those kept on disk, and others where there is a token.

    Nothing is asked of the network, and no token is looked for, before a skeleton is asked
    for that is not on disk. A token that is saved later is found then.

    Parameters
    ----------
    datastack : str
        Whose skeletons.
    server_address : str
        Which server.
    folder : path, optional
        Where skeletons are kept; by default a folder in the platform's cache.
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
            If it is not on disk and there is no token, or if CAVE has none.
        CaveError
            If CAVE refuses the token, or does not answer.
        """
        if kept := self._files.read(root_id):
            return Skeleton.from_cave(kept, root_id=root_id, source=f"MICrONS {self._datastack}")
        if self._fetching is None:
            if find_token(self._server_address) is None:
                raise SkeletonNotFound(
                    f"The skeleton of cell {root_id} is not on this machine, and there is no CAVE "
                    "token to fetch it with. Show mw.TokenPanel(), enter a token (it is free) and "
                    "save it there; then ask again."
                )
            client = connect(datastack=self._datastack, server_address=self._server_address)
            self._fetching = CaveSkeletons(client, folder=self._folder)
        return self._fetching[root_id]

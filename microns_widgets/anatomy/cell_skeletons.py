"""Cells with their skeletons, wherever these come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from microns_widgets._arguments import checks_methods
from microns_widgets._machine import in_browser
from microns_widgets.anatomy.skeleton import Skeleton, Skeletons
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.tables.root_ids import id_array, one_id
from microns_widgets.tables.source import has_depth


@checks_methods
class CellsWithSkeletons:
    """The part of a `Connectome` that returns the skeletons of its cells."""

    source: str
    _skeletons: Skeletons

    def skeleton(self, root_id: int) -> Skeleton:
        """Return a cell's skeleton.

        Parameters
        ----------
        root_id : int
            The cell.

        Returns
        -------
        Skeleton
            Positions and radii in nm.

        Raises
        ------
        SkeletonNotFound
            If the data source has no skeleton of the cell.
        InvalidRootIds
            If `root_id` is not a whole number.

        Examples
        --------
        >>> con.skeleton(con.examples()["MC"]).cable_length("axon") > 1000  # um
        True
        """
        try:
            skeleton = self._skeletons[one_id(root_id)]
            if not has_depth(self.source) and has_depth(skeleton.source):
                # Otherwise its depth would be that of the same position in MICrONS.
                return dataclasses.replace(skeleton, source=self.source)
            return skeleton
        except SkeletonNotFound:
            raise
        except KeyError:
            raise SkeletonNotFound(
                f"Cell {root_id} has no skeleton in this dataset. In the sample, proofread "
                "cells have one. For real cells, use load(1300), load with a CAVE "
                "client, load(client=client), or put SWC files into skeletons/ in your folder."
            ) from None

    @property
    def public_skeletons(self) -> str:
        """Address of the folder with the public SWC files; ``""`` if there is none."""
        return str(getattr(self._skeletons, "base_url", ""))

    @property
    def cells_with_skeleton(self) -> frozenset[int] | None:
        """Root ids of the cells that have a skeleton; None if that is not known in advance.

        CAVE makes skeletons on demand, and the public files cannot be listed.

        Examples
        --------
        >>> len(con.cells_with_skeleton)
        336
        """
        ids = getattr(self._skeletons, "root_ids", None)
        if ids is None and isinstance(self._skeletons, Mapping):
            ids = self._skeletons
        return None if ids is None else frozenset(ids)

    def skeletons(self, root_ids: Iterable[int], *, progress: bool = True) -> dict[int, Skeleton]:
        """Return the skeletons of several cells.

        Parameters
        ----------
        root_ids : iterable of int
            The cells.
        progress : bool
            Whether a progress bar appears if it takes longer than two seconds.

        Returns
        -------
        dict of int to Skeleton
            By root id, in the order of `root_ids`. Cells without a skeleton are left out.

        Raises
        ------
        InvalidRootIds
            If the ids are not whole numbers.

        Examples
        --------
        >>> gallery = con.skeletons(con.examples())
        """
        from tqdm.auto import tqdm

        if in_browser():
            tqdm.monitor_interval = 0  # the monitor is a thread

        skeletons = {}
        ids = id_array(root_ids).tolist()
        for root_id in tqdm(ids, desc="skeletons", disable=not progress, delay=2):
            try:
                skeletons[root_id] = self.skeleton(root_id)
            except SkeletonNotFound:
                continue
        return skeletons

"""Cells for the viewer's tests: without a skeleton, or with one that is late or fails."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome


def without_skeleton(con: Connectome) -> int:
    """Return a cell of the sample that has no skeleton."""
    return int(next(i for i in con.root_ids if i not in set(con.select(proofread=True))))


class Skeletons:
    """Skeletons from a function, which may wait or fail; they count how often it is called."""

    def __init__(self, fetch: Callable[[int], Skeleton]) -> None:
        self.fetch = fetch
        self.asked = 0

    def __getitem__(self, root_id: int) -> Skeleton:
        self.asked += 1
        return self.fetch(root_id)


def with_skeletons(
    con: Connectome, fetch: Callable[[int], Skeleton]
) -> tuple[Connectome, Skeletons]:
    """Return the same cells and synapses with other skeletons."""
    skeletons = Skeletons(fetch)
    return Connectome(con.cells, con.synapses.copy(), skeletons), skeletons


def late_skeletons(con: Connectome) -> tuple[Connectome, Event]:
    """Return the same connectome with skeletons that come only once an event is set."""
    may_come = Event()

    def fetch(root_id: int) -> Skeleton:
        assert may_come.wait(30)
        return con.skeleton(root_id)

    return with_skeletons(con, fetch)[0], may_come

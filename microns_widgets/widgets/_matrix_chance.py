"""Connections between types compared with chance, for the matrix explorer's view by type.

The front end asks for more and more random networks, so that the picture improves while Python
draws, and choosing something else ends it. Each answer is a table packed by `columns.pack`, with
one row per pair of types: ``kind`` of random network, ``pre`` and ``post`` type, ``expected``
(mean number of connected pairs), ``ratio``, ``low`` and ``high`` (its 95 % interval), ``p``, and
``n`` random networks. `NullComparison` documents these numbers;
``frontend/src/matrix-explorer/data/chance.ts`` reads them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import traitlets

from microns_widgets.errors import MatrixError, TooManyCells, check_choice
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_kinds import NULL_KINDS
from microns_widgets.network.null_model import NullModel, Statistic
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets._matrix_still import types_still
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import OneOf
from microns_widgets.widgets.columns import categories, pack

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Random networks of a comparison. With 100, the smallest p-value in both directions is 0.02.
MOST_NETWORKS = 100
#: Random networks of a page without a kernel, for which all kinds are computed in advance.
SAVED_NETWORKS = 50
#: Ratios to fewer expected pairs than this are noise, and are not shown.
FEWEST_EXPECTED = 5
#: Random networks of a still picture, and the connections of a matrix that is worth them.
_STILL_NETWORKS, _MOST_IN_A_STILL = 10, 200_000
_SEED = 0
_TEXTS = ("kind", "pre", "post")


class ComparedWithChance(Linkable):
    """A widget of a matrix whose types are compared with random networks."""

    null = OneOf(tuple(NULL_KINDS), "degrees")
    """What the random networks keep that ``type_value="ratio"`` compares with: one of the kinds of
    `ConnectivityMatrix.null`."""

    chance: Any = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """All comparisons with chance, packed, if they are saved in the notebook."""

    _matrix: ConnectivityMatrix
    by: Any
    show: Any
    type_value: Any

    def _chance(self, kind: str, by: str, n: int) -> pd.DataFrame:
        """Return the comparison with one kind of random networks, a row per pair of types."""
        null, statistic = self._null_model(kind, by)
        comparison = null.with_n(n).compare(statistic, progress=False)
        numbers = comparison.to_frame()
        pre, post = (numbers.index.get_level_values(level) for level in (0, 1))
        names = {"mean": "expected", "ratio": "ratio", "low": "low", "high": "high", "p_value": "p"}
        narrow = numbers[list(names)].rename(columns=names).astype(np.float32)
        return narrow.reset_index(drop=True).assign(kind=kind, pre=pre, post=post, n=comparison.n)

    def _null_model(self, kind: str, by: str) -> tuple[NullModel, str | Statistic]:
        # Kept, because a null model remembers what it has computed for a statistic. It draws
        # again to make sure that a function has not changed, but not for a statistic with a name.
        known: dict[tuple[str, str], Any] = self.__dict__.setdefault("_null_models", {})
        if (kind, by) not in known:
            null = self._matrix.null(kind, seed=_SEED, by=by if kind == "blocks" else None)
            named = by == "cell_type_auto"
            statistic = "pairs_by_type" if named else lambda own: own.by_type(by).pairs_connected
            known[kind, by] = null, statistic
        model: tuple[NullModel, str | Statistic] = known[kind, by]
        return model

    def _types_still(self) -> Figure:
        """Draw the view by type; a ratio rests on few random networks, and says so."""
        summary = self._matrix.by_type(self.by)
        if self.type_value != "ratio":
            label = self.type_value.replace("_", " ")
            return types_still(getattr(summary, self.type_value), label, ratio=False)
        ratio = summary.probability * np.nan
        label = "connected pairs, times chance: run the cell"
        # For very large matrices, a picture is not worth the time.
        if self._matrix.n_connections <= _MOST_IN_A_STILL:
            with contextlib.suppress(MatrixError, TooManyCells):
                comparison = self._chance(self.null, self.by, _STILL_NETWORKS)
                shown = comparison["ratio"].where(comparison["expected"] >= FEWEST_EXPECTED)
                ratio[:] = shown.to_numpy().reshape(ratio.shape)
                label = (
                    f"connected pairs, times chance ({_STILL_NETWORKS} networks: {self.null})\n"
                    f"empty: fewer than {FEWEST_EXPECTED} expected"
                )
        return types_still(ratio, label, ratio=True)

    def _saved_chance(self) -> bytes | None:
        """Return all comparisons, if the view shows one of them."""
        from tqdm.auto import tqdm

        if self.show not in ("types", "type_table") or self.type_value != "ratio":
            return None
        tables = []
        # Nobody watches the build of the site. There a bar would be a widget of another package,
        # which pages cannot show: the build would fail on machines that need more than 2 s.
        bar = tqdm(NULL_KINDS, desc="random networks", delay=2, disable=saves_data(None))
        for kind in bar:
            # Distances may be unknown, or too many.
            with contextlib.suppress(MatrixError, TooManyCells):
                tables.append(self._chance(kind, self.by, SAVED_NETWORKS))
        return _packed(tables)

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        return {**super()._page_state(cells), "chance": self.chance or self._saved_chance()}

    @answers("chance")
    def _answer_chance(self, content: dict[str, Any], _buffers: list[memoryview]) -> Reply:
        kind, by, n = content["kind"], content["by"], content["n"]
        check_choice("null", kind, tuple(NULL_KINDS))
        return Reply(None, [_packed([self._chance(kind, by, min(n, MOST_NETWORKS))])])


def _packed(tables: Sequence[pd.DataFrame]) -> bytes:
    table = pd.concat(tables, ignore_index=True)
    return pack(table.assign(**{name: categories(table[name].tolist()) for name in _TEXTS}))

"""A row of the cell table, which a notebook shows with links to the cell elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd

from microns_widgets.tables.source import source_of


class CellRow(pd.Series):
    """A row of the cell table. What is computed from it is an ordinary series."""

    @classmethod
    def of(cls, row: pd.Series, source: str) -> CellRow:
        """Return a row of the cell table of a source."""
        cell = cls(row)
        cell.attrs["source"] = source
        return cell

    @property
    def _constructor(self) -> Callable[..., pd.Series]:
        return pd.Series

    def _repr_html_(self) -> str | None:
        """Return a table and links; None without links, as for a synthetic cell."""
        # A notebook's first call opens the sample, which has no links.
        from microns_widgets.tables.cell_links import links_of

        links = links_of(self, source_of(self))
        if not links:
            return None
        items = " &nbsp; ".join(
            f'<a href="{escape(url)}" target="_blank" rel="noopener" aria-label="{escape(name)}" '
            f'title="{escape(name)}">{escape(text)}</a>'
            for text, name, url in links
        )
        table = self.to_frame().to_html(header=False, float_format="{:.10g}".format)
        return f"<div>{table}<p>{items}</p></div>"

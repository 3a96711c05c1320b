"""Links from real cells to the microscope's images and the tutorial; never from others."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from small_world import A, B, cell_frame, synapse_frame

import microns_widgets as mw
from microns_widgets.releases import releases
from microns_widgets.tables.cell_links import SECTIONS, TUTORIAL, links_of, table_links
from microns_widgets.tables.type_systems import TYPE_SYSTEMS

REAL = "MICrONS minnie65_public, version 1300"
OTHERS = ("synthetic sample", "", "my folder", "CAVE v1dd_public, version 1196")


def connectome(source: str) -> mw.Connectome:
    return mw.Connectome(cell_frame(), synapse_frame(), source=source)


class Anchors(HTMLParser):
    """The attributes of the links in some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attributes))


def state_in(url: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(unquote(url.split("#!", 1)[1]))
    return state


def test_a_cell_is_shown_with_links_that_say_where_they_lead():
    cell = connectome(REAL).cell(A)
    images, *tables = Anchors(cell._repr_html_() or "").found
    assert str(A) in (images["aria-label"] or "")
    assert all(
        (link["target"], link["rel"]) == ("_blank", "noopener") for link in [images, *tables]
    )
    assert [(link["href"] or "").split("#")[0] for link in tables] == [
        f"{TUTORIAL}/annotation-tables.html"
    ] * 2
    assert "aibs_metamodel_celltypes_v661" in unescape(tables[0]["aria-label"] or "")


def test_the_link_to_neuroglancer_is_that_of_a_viewer_without_synapses():
    con = connectome(REAL)
    ours = state_in(links_of(con.cell(A), con.source)[0].url)
    viewers = state_in(mw.SkeletonViewer(con, A, synapses="none").neuroglancer_url())
    viewers["layers"] = viewers["layers"][:2]
    assert ours == viewers


@pytest.mark.parametrize("source", OTHERS)
def test_cells_of_other_data_have_no_links(source: str):
    con = connectome(source)
    assert con.cell(A)._repr_html_() is None
    assert mw.CellPicker(con, value=A).links == {}
    assert "tables" not in mw.SkeletonViewer(con, A).world


def test_the_text_of_a_cell_is_that_of_a_series_and_its_html_is_safe():
    cells = cell_frame()
    cells["note"] = "<b>bold</b>"
    con = mw.Connectome(cells, synapse_frame(), source=REAL)
    cell = con.cell(A)
    assert repr(cell) == repr(pd.Series(cell))
    assert str(A) in (html := cell._repr_html_() or "")
    assert "<b>bold" not in html
    assert type(cell.drop("note")) is pd.Series


def test_the_picker_has_the_links_of_the_chosen_cell_only():
    con = connectome(REAL)
    picker = mw.CellPicker(con)
    assert picker.links["at"] == {}
    picker.value = B
    (root_id, at), *others = picker.links["at"].items()
    assert (root_id, others) == (str(B), [])
    filled = [
        [text.replace("$id", root_id).replace("$at", ",".join(map(str, at))) for text in link]
        for link in picker.links["links"]
    ]
    assert filled == [list(link) for link in links_of(con.cell(B), con.source)]
    state = picker._page_state([A, B])
    assert set(state["links"]["at"]) == {str(A), str(B)}


def test_every_table_of_a_cell_has_its_section():
    tables = {table for system in TYPE_SYSTEMS.values() for table in system.tables}
    assert tables < set(SECTIONS)
    assert all(re.fullmatch(r"[a-z0-9_/-]+\.html#[a-z0-9-]+", page) for page in SECTIONS.values())
    for version in releases():
        names = [link.name for link in table_links(f"MICrONS minnie65_public, version {version}")]
        assert any("cell_type" in name or "celltypes" in name for name in names)
        first = "proofreading_status_public_release" in names[1]
        assert first == ("proofreading_status_public_release" in releases()[version].tables)


def test_links_name_the_table_of_the_types_that_were_chosen():
    source = "CAVE minnie65_public, version 1718, types: cell_type_multifeature_combo"
    types, *_ = table_links(source)
    assert types.url.endswith("version-1718.html#multifeature-cell-type")
    assert [link.text for link in table_links(source, synapses=True)][-1] == "Synapses ↗"

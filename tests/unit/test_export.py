"""An exported page that needs neither Python nor a network: its contents, and its limits."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_world import A, B, C

import microns_widgets as mw
from microns_widgets.errors import ExportRefused, InvalidArgument, InvalidType, UnknownCell
from microns_widgets.sources.public_skeletons import PublicSkeletons

HOSTILE = "</script><script>alert(1)</script><!-- \u2028 & \" '"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def con(cells: pd.DataFrame, synapses: pd.DataFrame) -> mw.Connectome:
    return mw.Connectome(cells, synapses, source="small world")


def saved(path: Path) -> list[dict[str, Any]]:
    """Return the state of the widgets in a page."""
    text = path.read_text(encoding="utf-8")
    [state] = re.findall(r'<script type="application/json" id="state">(.*?)</script>', text)
    widgets: list[dict[str, Any]] = json.loads(state)
    return widgets


def test_a_page_holds_each_widget_with_its_data(con: mw.Connectome, tmp_path: Path) -> None:
    widgets = [mw.CellPicker(con, value=A), mw.SkeletonViewer(con, B), mw.MatrixExplorer(con)]
    path = mw.to_html(widgets, tmp_path / "page.html")
    picker, viewer, explorer = (widget["state"] for widget in saved(path))
    assert gzip.decompress(base64.b64decode(picker["data"]["base64"])).startswith(b"MWC1")
    assert picker["value"] == str(A)
    assert list(viewer["data"]) == [str(B)]
    assert base64.b64decode(explorer["data"]["base64"])


def test_further_cells_are_saved_and_listed_first(con: mw.Connectome, tmp_path: Path) -> None:
    picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con, B)
    path = mw.to_html([picker, viewer], tmp_path / "page.html", cells=[A, C])
    of_picker, of_viewer = (widget["state"] for widget in saved(path))
    ids = [str(root_id) for root_id in (B, A, C)]
    assert list(of_viewer["data"]) == ids
    assert of_viewer["cells"] == [str(B)]
    assert of_picker["filters"] == {"pt_root_id": ids}
    assert of_picker["saved"] == ids
    assert picker.filters == {}


def test_cells_that_are_not_in_the_page_are_not_listed_at_first(
    con: mw.Connectome, tmp_path: Path
) -> None:
    explorer = mw.Explorer(con, value=B)
    explorer.picker.filters = {"cell_type_auto": ["BC", "MC"]}
    frame, of_picker, *_ = (
        one["state"] for one in saved(mw.to_html(explorer, tmp_path / "p.html"))
    )
    assert of_picker["saved"] == [str(B)]
    assert of_picker["filters"] == {"cell_type_auto": ["BC", "MC"], "pt_root_id": [str(B)]}
    # Nor if the address has no filters.
    assert frame["start"]["picker"]["filters"] == {"pt_root_id": [str(B)]}
    assert explorer.start["picker"]["filters"] == {}
    # Without a viewer there is nothing that the page could not show.
    (alone,) = saved(mw.to_html(explorer.picker, tmp_path / "p.html"))
    assert "saved" not in alone["state"]
    assert alone["state"]["filters"] == {"cell_type_auto": ["BC", "MC"]}


def test_all_cells_are_listed_if_the_viewer_loads_them(con: mw.Connectome, tmp_path: Path) -> None:
    viewer = mw.SkeletonViewer(con, B, skeleton_url="https://example.org/skeletons")
    of_picker, _ = saved(mw.to_html([mw.CellPicker(con), viewer], tmp_path / "page.html"))
    assert "saved" not in of_picker["state"]
    assert of_picker["state"]["filters"] == {}


def test_a_picker_keeps_filters_of_its_own(con: mw.Connectome, tmp_path: Path) -> None:
    picker = mw.CellPicker(con, filters={"region": ["RL"]})
    path = mw.to_html([picker, mw.SkeletonViewer(con)], tmp_path / "page.html", cells=[A])
    assert saved(path)[0]["state"]["filters"] == {"region": ["RL"]}


def test_links_are_in_the_page(con: mw.Connectome, tmp_path: Path) -> None:
    picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con)
    mw.link(picker, viewer)
    page = saved(mw.to_html([picker, viewer], tmp_path / "page.html"))
    assert page[0]["state"]["linked"] == {page[1]["id"]: "viewer"}
    assert page[1]["state"]["linked"] == {page[0]["id"]: "picker"}


def test_the_size_is_printed(
    con: mw.Connectome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mw.to_html(mw.CellPicker(con), tmp_path / "page.html")
    assert capsys.readouterr().out == f"Wrote {path}, {path.stat().st_size / 1e6:.1f} MB.\n"


def test_a_page_above_the_cap_is_refused_with_what_to_leave_out(
    con: mw.Connectome, tmp_path: Path
) -> None:
    widgets = [mw.CellPicker(con), mw.MatrixExplorer(con)]
    with pytest.raises(ExportRefused, match=r"at most 0.1 MB \(cell picker 0.0 MB, matrix"):
        mw.to_html(widgets, tmp_path / "page.html", largest_mb=0.1)
    assert list(tmp_path.iterdir()) == []


def test_text_from_data_cannot_leave_its_place(
    cells: pd.DataFrame, synapses: pd.DataFrame, tmp_path: Path
) -> None:
    con = mw.Connectome(cells, synapses, source=HOSTILE)
    viewer = mw.SkeletonViewer(con, A, hidden_types=[HOSTILE])
    path = mw.to_html(viewer, tmp_path / "page.html", title=HOSTILE)
    text = path.read_text(encoding="utf-8")
    assert text.count("<script") == text.count("</script") == 2
    assert "<!--" not in text
    assert f"<title>{html.escape(HOSTILE)}</title>" in text
    assert saved(path)[0]["state"]["hidden_types"] == [HOSTILE]


def test_no_script_may_run_but_the_one_that_the_page_names(
    con: mw.Connectome, tmp_path: Path
) -> None:
    text = mw.to_html(mw.CellPicker(con), tmp_path / "page.html").read_text(encoding="utf-8")
    [script] = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}';" in text
    assert not re.search(r"""(src|href)=["']?https?:""", text)


def test_the_page_names_the_source_of_the_data(con: mw.Connectome, tmp_path: Path) -> None:
    path = mw.to_html(mw.CellPicker(con), tmp_path / "page.html", title="Six cells")
    assert "<h1>Six cells</h1>\n<p>Source: small world</p>" in path.read_text(encoding="utf-8")


def test_the_sample_is_called_synthetic(sample: mw.Connectome, tmp_path: Path) -> None:
    path = mw.to_html(mw.SkeletonViewer(sample), tmp_path / "page.html")
    assert "Synthetic data" in path.read_text(encoding="utf-8")


def test_a_token_panel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAVE_TOKEN", "no token")
    with pytest.raises(ExportRefused, match="Leave out the panel"):
        mw.to_html(mw.TokenPanel(), tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_an_explorer_goes_without_its_panel_and_its_token(
    con: mw.Connectome, tmp_path: Path
) -> None:
    # Nobody listens there.
    panel = mw.TokenPanel(server_address="http://127.0.0.1:9", token=SECRET, timeout=0.1)
    explorer = mw.Explorer(con, panel=panel)
    path = mw.to_html(explorer, tmp_path / "page.html")
    panel.wait()
    frame, *parts = saved(path)
    assert (frame["module"], frame["state"]["panel"]) == ("explorer", None)
    assert [(part["module"], part["inside"]) for part in parts] == [
        ("cell-picker", True),
        ("skeleton-viewer", True),
        ("matrix-explorer", True),
    ]
    references = [frame["state"][name] for name in ("picker", "viewer", "matrix")]
    assert references == [f"IPY_MODEL_{part['id']}" for part in parts]
    assert SECRET not in path.read_text(encoding="utf-8")


def test_an_explorer_shows_the_same_cell_three_times(con: mw.Connectome) -> None:
    explorer = mw.Explorer(con, value=B)
    assert explorer.picker.value == explorer.matrix.cell == B
    assert explorer.viewer.cells == (B,)


def test_an_explorer_is_displayed_with_a_picture(sample: mw.Connectome) -> None:
    explorer = mw.Explorer(sample)
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


@pytest.mark.parametrize("widgets", [[], 7, "picker"])
def test_something_else_than_widgets_is_refused(widgets: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidType, match="to_html was given"):
        mw.to_html(widgets, tmp_path / "page.html")


def test_a_cell_that_is_unknown_is_refused(con: mw.Connectome, tmp_path: Path) -> None:
    with pytest.raises(UnknownCell):
        mw.to_html(mw.SkeletonViewer(con), tmp_path / "page.html", cells=[17])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    con: mw.Connectome, tmp_path: Path
) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match=r"page\.html"):
        mw.to_html(mw.CellPicker(con), tmp_path / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    ("address", "policy"),
    [
        ("", None),
        ("https://example.org/swc/", "connect-src https://example.org; "),
        ("http://127.0.0.1:8000/a/b", "connect-src http://127.0.0.1:8000; "),
    ],
)
def test_a_page_may_load_only_from_where_its_author_said(
    con: mw.Connectome, tmp_path: Path, address: str, policy: str | None
) -> None:
    viewer = mw.SkeletonViewer(con, B, skeleton_url=address)
    text = mw.to_html([mw.CellPicker(con), viewer], tmp_path / "page.html").read_text()
    [own] = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', text)
    assert own.startswith("default-src 'none'; script-src 'sha256-")
    assert ("connect-src" in own) == bool(policy)
    assert (policy or "") in own
    assert ("but no network connection" in text) == (not policy)


@pytest.mark.parametrize(
    "address",
    ["example.org", "ftp://example.org", "https://a.org; script-src *", "https://a.org/x?y", "//a"],
)
def test_what_is_no_address_of_a_folder_is_refused(con: mw.Connectome, address: str) -> None:
    with pytest.raises(InvalidArgument, match="is not a web address"):
        mw.SkeletonViewer(con, B, skeleton_url=address)
    viewer = mw.SkeletonViewer(con, B)
    with pytest.raises(InvalidArgument, match="is not a web address"):
        viewer.skeleton_url = address
    assert viewer.skeleton_url == ""


def test_the_public_address_is_that_of_the_data(cells, synapses) -> None:
    public = PublicSkeletons(base_url="https://example.org/swc/")
    con = mw.Connectome(cells, synapses, public, source="MICrONS minnie65_public, version 1300")
    viewer = mw.SkeletonViewer(con, B, skeleton_url=True)
    assert viewer.skeleton_url == "https://example.org/swc"
    assert 'skeleton_url="https://example.org/swc"' in viewer.to_code()
    with pytest.raises(InvalidArgument, match="needs a dataset with public skeletons"):
        mw.SkeletonViewer(mw.Connectome(cells, synapses), B, skeleton_url=True)

"""Pages with one cell and its synapses in each viewer: this package's, k3d's and plotly's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

import microns_widgets as mw
from microns_widgets import palette
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets._viewer_data import synapse_table

#: Size of the picture in CSS pixels, the same for all viewers.
WIDTH, HEIGHT = 900, 500


@dataclass(frozen=True)
class Page:
    """A page and its measured actions: name -> JavaScript without a result."""

    name: str
    html: str
    acts: dict[str, str]
    canvas: str
    viewport: tuple[int, int] = (WIDTH, HEIGHT)


def large_cell(con: Connectome, root_id: int, vertices: int, synapses: int) -> Connectome:
    """Return a connectome with one large cell: this many vertices and synapses.

    Its skeleton consists of the cell's own and shifted copies of it, joined at the soma. Synapses
    are repeated up to the number needed.
    """
    skeleton, rng = con.skeleton(root_id), np.random.default_rng(0)
    far = np.where(np.isfinite(skeleton.path_distance), skeleton.path_distance, np.inf)
    order = np.argsort(far, kind="stable")
    rank = np.argsort(order)
    n = skeleton.n_vertices
    parts, edges = [], []
    for first in range(0, vertices, n):
        subset = order[: min(n, vertices - first)]
        shift = rng.normal(0, 60_000, 3) * (first > 0)
        own = subset[skeleton.parents[subset] >= 0]
        edges.append(first + np.stack([rank[own], rank[skeleton.parents[own]]], axis=1))
        if first:
            edges.append(np.array([[first, 0]]))
        parts.append((skeleton.vertices[subset] + shift, subset))
    every = np.concatenate([subset for _, subset in parts])
    large = Skeleton(
        np.concatenate([positions for positions, _ in parts]),
        np.concatenate(edges),
        skeleton.radius[every],
        skeleton.compartment[every],
        root=0,
        root_id=root_id,
        source=skeleton.source,
    )
    table = pd.concat([con.inputs(root_id), con.outputs(root_id)]).drop_duplicates("id")
    more = table.sample(max(synapses - len(table), 0), replace=True, random_state=0)
    more = more.assign(id=2_000_000_000 + np.arange(len(more)))
    return Connectome(
        con.cells,
        pd.concat([table, more], ignore_index=True),
        {root_id: large},
        source=con.source,
    )


def our_page(con: Connectome, root_id: int, page_script: str) -> Page:
    """Return a page with this package's viewer and its data; `page_script` is ``page.js``."""
    from tests.viewer_fixture import saved_state

    viewer = mw.SkeletonViewer(con, root_id, save_data=True)
    script, style = ((STATIC / f"skeleton-viewer.{kind}").read_text() for kind in ("js", "css"))
    html = OURS.replace("[STATE]", json.dumps(saved_state(viewer)))
    html = html.replace("[STYLE]", style)
    html = html.replace("[WIDGET]", json.dumps(script).replace("</", "<\\/"))
    html = html.replace("[PAGE]", json.dumps(page_script).replace("</", "<\\/"))
    common = synapse_table(con, root_id)["partner_type"].value_counts().index[0]
    acts = {
        "recolor": "model.set('color_by', 'depth'); model.set('synapse_color', 'type');",
        "hide a type": f"model.set('hidden_types', [{json.dumps(common)}]);",
    }
    # Wider than the picture by the width of the depth profile and the legend.
    return Page("microns-widgets", html, acts, ".skv-stage", (WIDTH + 156 + 220 + 2, 700))


OURS = """<!doctype html><meta charset="utf-8"><style>body { margin: 0 } [STYLE]</style>
<div id="output"></div><script type="module">
const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
const binary = (key, value) => value && value.$base64 !== undefined
  ? new DataView(Uint8Array.from(atob(value.$base64), (c) => c.charCodeAt(0)).buffer) : value;
const { renderStatic, StaticModel } = await load([PAGE]);
const widget = (await load([WIDGET])).default;
const state = JSON.parse(document.getElementById("state").textContent, binary);
window.model = new StaticModel(state);
await renderStatic(widget, window.model, document.getElementById("output"));
</script><script type="application/json" id="state">[STATE]</script>"""


def _drawn(con: Connectome, root_id: int) -> tuple[Skeleton, pd.DataFrame, list[str], list[str]]:
    """Return skeleton, synapses, and the colors of vertices and synapses."""
    skeleton, synapses = con.skeleton(root_id), synapse_table(con, root_id)
    names = {number: name for name, number in COMPARTMENTS.items()}
    of_vertex = [palette.color(names.get(int(kind), "")) for kind in skeleton.compartment]
    return (
        skeleton,
        synapses,
        of_vertex,
        [palette.color(direction) for direction in synapses["direction"]],
    )


def k3d_page(con: Connectome, root_id: int) -> Page:
    """Return k3d's own self-contained snapshot, with its default shader for lines."""
    import k3d

    skeleton, synapses, of_vertex, of_synapse = _drawn(con, root_id)
    plot = k3d.plot(grid_visible=False, menu_visibility=False, camera_auto_fit=True)
    plot.snapshot_type = "full"
    plot += k3d.lines(
        (skeleton.vertices / 1000).astype(np.float32),
        skeleton.edges.astype(np.uint32),
        indices_type="segment",
        colors=_packed(of_vertex),
        width=0.5,
    )
    plot += k3d.points(
        synapses[["x", "y", "z"]].to_numpy(np.float32) / 1000,
        colors=_packed(of_synapse),
        point_size=2.0,
        shader="flat",
    )
    html = plot.get_snapshot(additional_js_code="window.plot = K3DInstance;")
    each = "Object.values(plot.getWorld().ObjectsListJson)"
    acts = {
        "recolor": (
            f"for (const json of {each}) {{ const data = Uint32Array.from(json.colors.data, "
            "(color) => color ^ 0x00ff00); json.colors = { data, shape: json.colors.shape }; "
            "plot.reload(json, { colors: json.colors }); }"
        ),
        "hide a type": (
            f"for (const json of {each}) if (json.type === 'Points') {{ "
            "const n = json.positions.shape[0] >> 1; json.positions = { data: "
            "json.positions.data.slice(0, 3 * n), shape: [n, 3] }; json.colors = { data: "
            "json.colors.data.slice(0, n), shape: [n] }; plot.reload(json, "
            "{ positions: json.positions, colors: json.colors }); }"
        ),
    }
    return Page("k3d", html, acts, "canvas")


def _packed(colors: list[str]) -> np.ndarray:
    return np.array([int(color[1:], 16) for color in colors], dtype=np.uint32)


def plotly_page(con: Connectome, root_id: int) -> Page:
    """Return plotly's own self-contained page: one trace of lines, one of markers."""
    import plotly.graph_objects as go

    skeleton, synapses, of_vertex, of_synapse = _drawn(con, root_id)
    # Segments one after another; None between them lifts the pen.
    pairs = skeleton.vertices[skeleton.edges] / 1000
    gaps = np.full((len(pairs), 1, 3), np.nan)
    x, y, z = np.concatenate([pairs, gaps], axis=1).reshape(-1, 3).T
    colors = np.repeat(np.array(of_vertex)[skeleton.edges[:, 0]], 3)
    lines = go.Scatter3d(x=x, y=y, z=z, mode="lines", line={"color": colors, "width": 2})
    u, v, w = synapses[["x", "y", "z"]].to_numpy(float).T / 1000
    marker = {"color": of_synapse, "size": 2}
    points = go.Scatter3d(x=u, y=v, z=w, mode="markers", marker=marker)
    layout = {"width": WIDTH, "height": HEIGHT, "margin": dict.fromkeys("lrtb", 0)}
    html = go.Figure([lines, points], layout).to_html(include_plotlyjs=True)
    plot = "document.querySelector('.js-plotly-plot')"
    acts = {
        "recolor": (
            f"Plotly.restyle({plot}, {{ 'line.color': 'green' }}, [0]); "
            f"Plotly.restyle({plot}, {{ 'marker.color': 'orange' }}, [1]);"
        ),
        "hide a type": (
            f"const own = {plot}._fullData[1], n = own.x.length >> 1; "
            "const [x, y, z] = [own.x, own.y, own.z].map((all) => [all.slice(0, n)]); "
            f"Plotly.restyle({plot}, {{ x, y, z }}, [1]);"
        ),
    }
    return Page("plotly", html, acts, ".gl-container, canvas")


MAKERS: dict[str, Callable[[Connectome, int], Page]] = {"k3d": k3d_page, "plotly": plotly_page}

"""Static figures: the matrix with strips of cell types, and a skeleton of 50,000 vertices."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np

from benchmarks.step import Step, Work, Workload
from benchmarks.tables import connectome, digest
from microns_widgets import ConnectivityMatrix
from microns_widgets.workshop_functions import plot_skeleton, skel_color_map


def notebook_heatmap(workload: Workload) -> Work:
    import seaborn as sns
    from matplotlib import colormaps
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    matrix = _sorted_matrix(workload)
    frame = matrix.to_frame(no_connection=0)
    types = [cells["cell_type_auto"].to_numpy() for cells in (matrix.post, matrix.pre)]
    names, _ = np.unique(types[0], return_inverse=True)
    color = {name: colormaps["tab10"](place) for place, name in enumerate(names)}

    def draw(ax: Any) -> None:
        sns.heatmap(frame, cmap="gray_r", xticklabels=[], yticklabels=[], ax=ax, square=True)
        above, beside = ax.get_xaxis_transform(), ax.get_yaxis_transform()
        for place, name in enumerate(types[0]):
            patch = Rectangle((place, 1), 1, 0.01, color=color[name], lw=0, transform=above)
            ax.add_patch(patch).set_clip_on(False)
        for place, name in enumerate(types[1]):
            patch = Rectangle((-0.01, place), 0.01, 1, color=color[name], lw=0, transform=beside)
            ax.add_patch(patch).set_clip_on(False)
        handles = [Line2D([], [], color=color[name], label=name or "unknown") for name in names]
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.3, 1), title="cell types")

    return Work(_saved(draw, (7, 5)), _matrix_digest)


def package_heatmap(workload: Workload) -> Work:
    matrix = _sorted_matrix(workload)
    return Work(_saved(lambda ax: matrix.plot(ax=ax), (7, 5)), _matrix_digest)


def notebook_skeleton(workload: Workload) -> Work:
    from skeleton_plot import plot_tools

    sk = _skeleton(workload)

    def draw(ax: Any) -> None:
        plot_tools.plot_verts(
            sk["vertices"],
            sk["edges"],
            radius=sk["radius"] / 1000,
            skel_colors=sk["compartment"],
            skel_color_map=skel_color_map,
            line_width=5,
            plot_soma=True,
            soma_node=sk["root"],
            invert_y=True,
            ax=ax,
        )
        ax.axis("off")

    return Work(_saved(draw, (7, 10)), _picture_digest)


def package_skeleton(workload: Workload) -> Work:
    sk = _skeleton(workload)
    return Work(_saved(lambda ax: plot_skeleton(sk, ax=ax), (7, 10)), _picture_digest)


def _saved(draw: Callable[[Any], object], inches: tuple[int, int]) -> Callable[[], Any]:
    """Return a function that draws on new axes and saves them as a PNG file."""
    # Imported here, outside the timed part: only the steps of this module draw.
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    def run() -> tuple[Any, bytes]:
        fig, ax = plt.subplots(figsize=inches, dpi=150)
        draw(ax)
        file = BytesIO()
        fig.savefig(file, format="png")
        plt.close(fig)
        return ax, file.getvalue()

    return run


def _sorted_matrix(workload: Workload) -> ConnectivityMatrix:
    return connectome(workload).matrix(value="log10_sum").sort("cell_type_auto")


def _skeleton(workload: Workload) -> dict[str, Any]:
    arrays = np.load(workload.skeleton)
    return {**arrays, "root": int(arrays["root"])}


def _matrix_digest(drawn: tuple[Any, bytes]) -> dict[str, Any]:
    # The two pictures differ on purpose, in colors and in how they map entries to pixels.
    ax = drawn[0]
    names = {text.get_text() for text in ax.get_legend().get_texts()}
    return {
        "rows": float(np.ptp(ax.get_ylim())),
        "columns": float(np.ptp(ax.get_xlim())),
        "types": sorted(names - {"no connection"}),
    }


def _picture_digest(drawn: tuple[Any, bytes]) -> dict[str, Any]:
    from matplotlib import pyplot as plt

    picture = plt.imread(BytesIO(drawn[1]))
    return {"shape": list(picture.shape), "pixels": digest(picture)}


STEPS = (
    Step("heatmap with strips of types", notebook_heatmap, package_heatmap, 8),
    Step("skeleton of 50,000 vertices", notebook_skeleton, package_skeleton, 7),
)

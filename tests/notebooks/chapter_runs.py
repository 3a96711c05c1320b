"""Each chapter runs once on the sample and once on tables like the real ones, for all tests.

A run ends with what tests ask of the chapter's variables, so that nobody has to run it again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from once_per_run import OncePerRun

from benchmarks import synthetic
from tests.notebooks.execution import COURSE, execute, problems

#: Expressions of the last cell of a chapter that runs on the sample.
ASKED_OF_SAMPLE = {
    "cell_types": """{
        "by name": float(equal[labelled["cell_type_auto"] == "5P-ET"].mean()),
        "recall": comparison.scores.loc["5P-ET", "recall"],
        "filtered": len(picker.filtered) == int(worst["n"]),
    }""",
    "synapses": """share.to_dict()""",
    "start": """table["real / here"].to_dict()""",
    "shape": """{
        kind: [float(one["soma at (µm)"]), float(one["apical dendrite rises (µm)"])]
        for kind, one in reach.items()
    }""",
    "matrix": """{
        "lost": [len(proofread) - n for n in pivot.shape],
        "tenth": float(share[tenth - 1]),
        "spread": logs[["count", "mean"]].std().tolist(),
        "most partners": partners.groupby(strategy).mean().idxmax(),
    }""",
    "matrix_by_type": """{
        "measured": int(observed.loc[pre_type, post_type]),
        "most by chance": int(
            by_density.values[
                :, observed.index.get_loc(pre_type), observed.columns.get_loc(post_type)
            ].max()
        ),
        "probability": summary.probability.loc[inhibitory, inhibitory].T.to_dict(),
    }""",
    "function": """{
        "mean of bars": round(mean_angle(bars, 180)[0]) % 180,
        "others": by_scan.median().tolist(),
        "results": {f"{name}, {which}": one for (name, which), one in results.items()},
        "per mm": {
            name: (1000 * in_bins(name, synapses) / in_bins(name, axon_um)).tolist()
            for name in names
        },
        "agreement": float(mean_angle(tuning["pref_ori"], 180)[1] / by_chance),
        "near": float(close.sum() / two.sum()),
        "scattered": len(picker.filtered),
    }""",
    "proofreading": """{
        "left at 100": {
            kind: float((outputs.loc[outputs["type"] == kind, "um"] <= 100).mean())
            for kind in ("BC", "MC")
        },
        "numbers": numbers.to_dict(),
    }""",
    "null_models": """{
        "density": [by_chance.ratio, by_chance.low],
        "low": ladder["low"].unstack().T.to_dict(),
        "high": ladder["high"].unstack().T.to_dict(),
        "ratio": ladder["ratio"].unstack().T.to_dict(),
        "types": {
            kind: {f"{a} {b}": float(own.loc[a, b]) for a, b in pairs}
            for kind, own in ratios.items()
        },
        "triads": table.drop(columns="observed").to_dict(),
    }""",
    "circuit": """{
        "artificial": pd.DataFrame(decay).mean().to_dict(),
        "layer 2/3": {
            name: report(times23["as measured"].median(), times23[name]) for name in others
        },
        "everyone": {kind: report(measured, times[kind]) for kind in times},
        "measured": measured,
        "inhibition": [sweep.loc[1.5, "measured"], float(inhibition.sum() / excitation.sum())],
        "grows": [int(np.isinf(sweep.loc[at, "none"])) for at in radii],
        "varied": varied_times,
    }""",
}
#: Of a chapter that runs on the tables like the real ones, which have no skeletons.
ASKED_OF_TABLES = """{"source": con.source}"""

_ASK = "import json\nprint(json.dumps({}))"


class ChapterRuns:
    """Runs chapters, or reads what another process of this run of the tests has run.

    Parameters
    ----------
    shared : OncePerRun
    """

    def __init__(self, shared: OncePerRun) -> None:
        self._shared = shared

    def on_sample(self, name: str) -> nbformat.NotebookNode:
        """Return a chapter that ran on the sample; its widgets have kept their data."""

        def run(folder: Path) -> None:
            _run(folder, name, "sample", ASKED_OF_SAMPLE.get(name, "None"), save_data=True)

        return _read(self._shared.folder(f"sample-{name}", run))

    def on_tables(self, name: str) -> nbformat.NotebookNode:
        """Return a chapter that ran on `like_1300`, up to its first error."""

        def run(folder: Path) -> None:
            _run(folder, name, self.like_1300(), ASKED_OF_TABLES)

        return _read(self._shared.folder(f"like-1300-{name}", run))

    def like_1300(self) -> Path:
        """Return a folder with the real cell table, 200,000 made-up synapses, no skeleton."""
        return self._shared.folder("like-1300", lambda folder: synthetic.make(folder, 200_000))

    def write_for_site(self, notebook: Path, folder: Path) -> None:
        """Write an executed notebook of the course as the site's build would have made it."""
        chapter = self.on_sample(notebook.stem)
        assert problems(chapter) == []
        chapter.cells.pop()
        (folder / notebook).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(chapter, folder / notebook)


def answer(notebook: nbformat.NotebookNode) -> Any:
    """Return what the last cell of a run said of the chapter."""
    return json.loads(notebook.cells[-1].outputs[0]["text"])


def _run(folder: Path, name: str, version: str | Path, asked: str, **options: bool) -> None:
    path = COURSE / f"{name}.ipynb"
    chapter = execute(path, version=version, last=_ASK.format(asked), **options)
    nbformat.write(chapter, folder / "chapter.ipynb")


def _read(folder: Path) -> nbformat.NotebookNode:
    return nbformat.read(folder / "chapter.ipynb", as_version=4)

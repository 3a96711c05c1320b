"""Creates the README's picture from the built-in sample: a neuron, its synapses, the matrix.

``python tools/readme_picture.py`` writes docs/picture.png.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib import pyplot as plt

import microns_widgets as mw

PICTURE = Path(__file__).parents[1] / "docs" / "picture.png"


def main() -> None:
    con = mw.load(quiet=True)
    neuron = con.select(cell_type="MC", proofread=True)[0]
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(10, 4.4), layout="compressed", width_ratios=[1, 2]
    )
    con.plot(neuron, ax=left)
    con.matrix(value="log10_sum").sort("cell_type_auto").plot(ax=right)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=120, metadata={"Software": None})
    print(f"{PICTURE} has {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

"""Tune the colours of the cell types: as far apart as so many can be.

Related types share a band of hues. Within the bands, and within what can be read on
white and on dark pages, a search maximises the smallest distance between any two of the
sixteen automatic types in CAM02-UCS (Luo et al. 2006, doi:10.1002/col.20227), over normal
vision and the three colour-vision deficiencies at full severity (Machado et al. 2009,
doi:10.1109/TVCG.2009.113). The remaining types then take the best places left.

``python tools/tune_palette.py`` writes the colours into palette.json (some minutes); the
test of the palette keeps the distances from shrinking.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from colorspacious import cspace_convert

PALETTE = Path(__file__).parents[1] / "microns_widgets" / "palette.json"
VISIONS = (None, "deuteranomaly", "protanomaly", "tritanomaly")
# Most readers have normal vision: their distances are to be this much larger.
FOR_MOST = 1.4
# Contrast ratios (WCAG 2) of a mark on white paper and on a page of #111111. More of
# either would leave too little room for sixteen colours.
ON_WHITE, ON_DARK = 1.7, 2.0
DARK_PAGE = 17 / 255


class Band(NamedTuple):
    """Hues in degrees and chroma of CAM02-UCS that a type may have."""

    hue: tuple[float, float]
    chroma: tuple[float, float] = (14, 48)


UPPER, LAYER_5, LAYER_6, INHIBITORY = (
    Band((190, 260)),
    Band((225, 320)),
    Band((115, 200)),
    Band((-15, 85)),
)
GLIA = Band((60, 120), (0, 14))
AUTOMATIC: dict[str, Band] = {
    **dict.fromkeys(("23P", "4P"), UPPER),
    **dict.fromkeys(("5P-IT", "5P-ET", "5P-NP"), LAYER_5),
    **dict.fromkeys(("6P-IT", "6P-CT"), LAYER_6),
    **dict.fromkeys(("BC", "MC", "BPC", "NGC"), INHIBITORY),
    **dict.fromkeys(("astrocyte", "oligo", "OPC", "microglia", "pericyte"), GLIA),
}
MANUAL_ONLY: dict[str, Band] = {
    "5P-PT": LAYER_5,
    "6P-U": LAYER_6,
    "WM-P": LAYER_6,
    "Unsure E": Band((190, 320), (8, 24)),
    "Unsure I": Band((-15, 85), (8, 24)),
    "Unsure": Band((0, 360), (0, 8)),
}


def as_seen(colors: np.ndarray, vision: str | None) -> np.ndarray:
    """Return sRGB colours as somebody with the deficiency sees them, in CAM02-UCS."""
    if vision is not None:
        space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        colors = np.clip(cspace_convert(colors, space, "sRGB1"), 0, 1)
    return cspace_convert(colors, "sRGB1", "CAM02-UCS")


def smallest_distances(colors: np.ndarray) -> dict[str | None, float]:
    """Smallest distance of any two colours in CAM02-UCS, for each vision."""
    pairs = np.array(list(itertools.combinations(range(len(colors)), 2)))
    return {
        vision: float(
            np.linalg.norm(np.diff(as_seen(colors, vision)[pairs], axis=1), axis=-1).min()
        )
        for vision in VISIONS
    }


def quality(colors: np.ndarray) -> float:
    """What is made large: the smallest distance, with normal vision weighed by `FOR_MOST`."""
    distances = smallest_distances(colors)
    return min(distances.pop(None) / FOR_MOST, *distances.values())


def contrasts(colors: np.ndarray) -> np.ndarray:
    """Contrast ratio of each colour on white and on the dark page, shape (n, 2)."""

    def luminance(rgb: np.ndarray) -> np.ndarray:
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ np.array([0.2126, 0.7152, 0.0722])

    own, dark = luminance(colors), luminance(np.full(3, DARK_PAGE))
    return np.stack([1.05 / (own + 0.05), (own + 0.05) / (dark + 0.05)], axis=-1)


class Candidates:
    """Colours that a type may take, as sRGB (n, 3) and as seen (n, visions, 3)."""

    def __init__(self, band: Band, rng: np.random.Generator, n: int = 6000) -> None:
        hue = np.deg2rad(rng.uniform(*band.hue, 20 * n))
        chroma = rng.uniform(*band.chroma, 20 * n)
        ucs = [rng.uniform(20, 92, 20 * n), chroma * np.cos(hue), chroma * np.sin(hue)]
        rgb = np.round(cspace_convert(np.stack(ucs, axis=1), "CAM02-UCS", "sRGB1") * 255) / 255
        rgb = rgb[((rgb >= 0) & (rgb <= 1)).all(axis=1)]
        rgb = rgb[(contrasts(rgb) >= (ON_WHITE, ON_DARK)).all(axis=1)]
        self.rgb = rng.permutation(np.unique(rgb, axis=0))[:n]
        self.seen = np.stack([as_seen(self.rgb, vision) for vision in VISIONS], axis=1)

    def farthest(self, others: np.ndarray, softness: float) -> int:
        """Return which is farthest from its nearest neighbours among colours as seen."""
        distance = np.linalg.norm(self.seen[:, None] - others[None], axis=-1)
        distance[..., 0] /= FOR_MOST
        distance = distance.reshape(len(self.rgb), -1)
        nearest = distance.min(axis=1)
        # A soft minimum at first: with the hard one the search sticks at its beginning.
        crowding = np.exp(-(distance - nearest[:, None]) / softness).sum(axis=1)
        return int((nearest - softness * np.log(crowding)).argmax())


def tune(pools: list[Candidates], start: int, sweeps: int = 60) -> np.ndarray:
    """Move one colour at a time to its best place, from a random start; sRGB (types, 3)."""
    rng = np.random.default_rng(start)
    chosen = [int(rng.integers(len(pool.rgb))) for pool in pools]
    seen = np.stack([pool.seen[which] for pool, which in zip(pools, chosen, strict=True)])
    for sweep in range(sweeps):
        for place in rng.permutation(len(pools)):
            others = np.delete(seen, place, axis=0)
            chosen[place] = pools[place].farthest(others, max(3 * 0.9**sweep, 0.15))
            seen[place] = pools[place].seen[chosen[place]]
    return np.stack([pool.rgb[which] for pool, which in zip(pools, chosen, strict=True)])


def add(colors: np.ndarray, bands: list[Band], rng: np.random.Generator) -> np.ndarray:
    """Give further types the best places left, one after another."""
    for band in bands:
        pool = Candidates(band, rng)
        seen = np.stack([as_seen(colors, vision) for vision in VISIONS], axis=1)
        colors = np.vstack([colors, pool.rgb[pool.farthest(seen, 0.15)]])
    return colors


def main(starts: int = 16) -> None:
    rng = np.random.default_rng(0)
    pools = {band: Candidates(band, rng) for band in dict.fromkeys(AUTOMATIC.values())}
    own = [pools[band] for band in AUTOMATIC.values()]
    best = max((tune(own, start) for start in range(starts)), key=quality)
    colors = add(best, list(MANUAL_ONLY.values()), rng)
    for name, some in (("automatic types", best), ("all types", colors)):
        distances = smallest_distances(some).items()
        print(name, *(f"{vision or 'normal'} {value:.2f}" for vision, value in distances), sep="  ")
    text = PALETTE.read_text(encoding="utf-8")
    old = {entry["label"]: entry["color"] for entry in json.loads(text)["types"]}
    for label, rgb in zip([*AUTOMATIC, *MANUAL_ONLY], colors, strict=True):
        new = "#" + "".join(f"{round(255 * part):02x}" for part in rgb)
        text = text.replace(
            f'"label": "{label}", "color": "{old[label]}"', f'"label": "{label}", "color": "{new}"'
        )
    PALETTE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

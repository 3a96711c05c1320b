"""Tunes the colors of the cell types to be as distinct as possible.

Related types share a band of hues: blue in layers 2 to 4, violet in layer 5, green in
layer 6, red to orange for inhibitory cells, grays and browns for glia. Within the bands,
and with sufficient contrast on white and on dark pages, a search maximizes the smallest
distance between any two of the sixteen automatic types in CAM02-UCS (Luo et al. 2006,
doi:10.1002/col.20227), over normal vision and the three color-vision deficiencies at full
severity (Machado et al. 2009, doi:10.1109/TVCG.2009.113). The remaining types then get the
best remaining colors.

The types of ``cell_type_multifeature_combo`` have the color of the automatic type that is the same
kind of cell, if there is one (`HOMOLOGUES`). The others are placed between these colors in the same
way. Types of different systems never appear together, so they need not differ. Last come the
colors for types that the palette does not know.

``python tools/tune_palette.py`` increases the distances of the colors in palette.json if
possible; ``--search`` starts again from random ones (some minutes). Of several searches with
results within half a unit of each other, we chose the one whose inhibitory types stand out
most on a map of somata. Colors may be exchanged within a band: we assigned the most vivid
ones to the most common types by eye. A test ensures that the distances do not decrease.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from colorspacious import cspace_convert
from matplotlib.colors import to_rgb

PALETTE = Path(__file__).parents[1] / "microns_widgets" / "palette.json"
VISIONS = (None, "deuteranomaly", "protanomaly", "tritanomaly")
# Factor by which distances should be larger for normal vision, which most readers have.
FOR_MOST = 1.1
# Contrast ratios (WCAG 2) of a mark on white and on #111111. Higher ones would not leave
# enough space for sixteen colors.
ON_WHITE, ON_DARK = 1.7, 2.0
DARK_PAGE = 17 / 255


class Band(NamedTuple):
    """Range of hues in degrees and of chroma in CAM02-UCS for a type."""

    hue: tuple[float, float]
    chroma: tuple[float, float] = (14, 48)


UPPER, LAYER_5, LAYER_6, INHIBITORY = (
    Band((195, 262)),
    Band((262, 325)),
    Band((110, 185)),
    Band((-12, 80), (20, 48)),
)
GLIA = Band((60, 120), (0, 12))
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
    "Unsure E": Band((195, 325), (8, 24)),
    "Unsure I": Band((-12, 80), (8, 24)),
    "Unsure": Band((0, 360), (0, 8)),
}

#: Types of cell_type_multifeature_combo, and the automatic type that is the same kind of cell.
HOMOLOGUES = {
    "L3IT": "23P",
    "L4IT": "4P",
    "L5IT": "5P-IT",
    "L5ET": "5P-ET",
    "L5NP": "5P-NP",
    "L6IT": "6P-IT",
    "L6CT": "6P-CT",
    "PV": "BC",
    "ITC": "BPC",
}
REDS, ORANGES, PINKS = (
    Band((-15, 60), (10, 50)),
    Band((20, 125), (8, 50)),
    Band((318, 375), (10, 50)),
)
#: Its types that need a color of their own; MC and NGC have that of the automatic types.
MULTIFEATURE_ONLY: dict[str, Band] = {
    "L2IT": Band((185, 262)),
    **dict.fromkeys(("ChC", "AltBasket"), REDS),
    **dict.fromkeys(("NMC", "DTC", "AltDTC", "L1"), ORANGES),
    "ITCperi": PINKS,
}
GLIA_TYPES = ("astrocyte", "oligo", "OPC", "microglia", "pericyte")
#: Of the colors for types that the palette does not know.
ANY = Band((0, 360), (12, 48))


def as_seen(colors: np.ndarray, vision: str | None) -> np.ndarray:
    """Return sRGB colors as seen with a color-vision deficiency, in CAM02-UCS."""
    if vision is not None:
        space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        colors = np.clip(cspace_convert(colors, space, "sRGB1"), 0, 1)
    return cspace_convert(colors, "sRGB1", "CAM02-UCS")


def smallest_distances(colors: np.ndarray) -> dict[str | None, float]:
    """Smallest distance between any two colors in CAM02-UCS, for each vision."""
    pairs = np.array(list(itertools.combinations(range(len(colors)), 2)))
    return {
        vision: float(
            np.linalg.norm(np.diff(as_seen(colors, vision)[pairs], axis=1), axis=-1).min()
        )
        for vision in VISIONS
    }


def quality(colors: np.ndarray) -> float:
    """The objective: the smallest distance, with normal vision weighted by `FOR_MOST`."""
    distances = smallest_distances(colors)
    return min(distances.pop(None) / FOR_MOST, *distances.values())


def contrasts(colors: np.ndarray) -> np.ndarray:
    """Contrast ratio of each color on white and on the dark page, shape (n, 2)."""

    def luminance(rgb: np.ndarray) -> np.ndarray:
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ np.array([0.2126, 0.7152, 0.0722])

    own, dark = luminance(colors), luminance(np.full(3, DARK_PAGE))
    return np.stack([1.05 / (own + 0.05), (own + 0.05) / (dark + 0.05)], axis=-1)


def usable(ucs: np.ndarray, band: Band) -> np.ndarray:
    """Return the CAM02-UCS colors in the band with sufficient contrast, as sRGB, shape (n, 3)."""
    hue = np.rad2deg(np.arctan2(ucs[:, 2], ucs[:, 1]))
    chroma = np.hypot(ucs[:, 1], ucs[:, 2])
    inside = (hue - band.hue[0]) % 360 <= band.hue[1] - band.hue[0]
    inside &= (chroma >= band.chroma[0]) & (chroma <= band.chroma[1])
    if not inside.any():
        return np.empty((0, 3))
    rgb = np.round(cspace_convert(ucs[inside], "CAM02-UCS", "sRGB1") * 255) / 255
    rgb = rgb[((rgb >= 0) & (rgb <= 1)).all(axis=1)]
    return rgb[(contrasts(rgb) >= (ON_WHITE, ON_DARK)).all(axis=1)]


def seen_by_all(colors: np.ndarray) -> np.ndarray:
    """Colors in CAM02-UCS for each vision, shape (n, visions, 3)."""
    return np.stack([as_seen(colors, vision) for vision in VISIONS], axis=1)


def to_nearest(seen: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each color to each other one for each vision, (n, others * visions)."""
    distance = np.linalg.norm(seen[:, None] - others[None], axis=-1)
    distance[..., 0] /= FOR_MOST
    return distance.reshape(len(seen), -1)


class Candidates:
    """Candidate colors of a type, as sRGB (n, 3) and as seen (n, visions, 3)."""

    def __init__(self, band: Band, rng: np.random.Generator, n: int = 4000) -> None:
        hue = np.deg2rad(rng.uniform(*band.hue, 20 * n))
        chroma = rng.uniform(*band.chroma, 20 * n)
        ucs = [rng.uniform(20, 92, 20 * n), chroma * np.cos(hue), chroma * np.sin(hue)]
        self.rgb = rng.permutation(np.unique(usable(np.stack(ucs, axis=1), band), axis=0))[:n]
        self.seen = seen_by_all(self.rgb)

    def farthest(self, others: np.ndarray, softness: float) -> int:
        """Return the candidate that is farthest from its nearest neighbors among the others."""
        distance = to_nearest(self.seen, others)
        nearest = distance.min(axis=1)
        # A soft minimum at first: with a hard minimum the search would not leave its start.
        crowding = np.exp(-(distance - nearest[:, None]) / softness).sum(axis=1)
        return int((nearest - softness * np.log(crowding)).argmax())


def tune(pools: list[Candidates], start: int, sweeps: int = 40) -> np.ndarray:
    """Move one color at a time to its best place, from a random start; sRGB (types, 3)."""
    rng = np.random.default_rng(start)
    choices = [int(rng.integers(len(pool.rgb))) for pool in pools]
    seen = np.stack([pool.seen[which] for pool, which in zip(pools, choices, strict=True)])
    for sweep in range(sweeps):
        for place in rng.permutation(len(pools)):
            others = np.delete(seen, place, axis=0)
            choices[place] = pools[place].farthest(others, max(3 * 0.9**sweep, 0.15))
            seen[place] = pools[place].seen[choices[place]]
    return np.stack([pool.rgb[which] for pool, which in zip(pools, choices, strict=True)])


def polish(
    colors: np.ndarray,
    bands: list[Band],
    rng: np.random.Generator,
    rounds: int = 250,
    n_fixed: int = 0,
) -> np.ndarray:
    """Move the most crowded colors slightly, except for the first `n_fixed`."""
    colors, seen = colors.copy(), seen_by_all(colors)
    step = 4.0
    for _ in range(rounds):
        nearest = np.array(
            [
                to_nearest(seen[[place]], np.delete(seen, place, axis=0)).min()
                for place in range(n_fixed, len(seen))
            ]
        )
        for place in n_fixed + np.argsort(nearest)[:6]:
            around = seen[place, 0] + rng.normal(0, step, (400, 3))
            rgb = usable(around, bands[place])
            if not len(rgb):
                continue
            options = seen_by_all(rgb)
            distance = to_nearest(options, np.delete(seen, place, axis=0)).min(axis=1)
            if distance.max() > nearest[place - n_fixed] + 1e-3:
                colors[place], seen[place] = rgb[distance.argmax()], options[distance.argmax()]
                break
        else:
            step = max(0.85 * step, 0.4)
    return colors


def add(colors: np.ndarray, bands: list[Band], rng: np.random.Generator) -> np.ndarray:
    """Add the best remaining color for each further type, one after another."""
    for band in bands:
        pool = Candidates(band, rng)
        colors = np.vstack([colors, pool.rgb[pool.farthest(seen_by_all(colors), 0.15)]])
    return colors


def multifeature(
    tuned: dict[str, np.ndarray], now: dict[str, str], rng: np.random.Generator, starts: int
) -> dict[str, np.ndarray]:
    """Return the colors of the types of cell_type_multifeature_combo, as sRGB (3,).

    They are those of `now`, or better ones from a number of random starts.
    """
    same = {label: tuned[other] for label, other in HOMOLOGUES.items()}
    same |= {label: tuned[label] for label in ("MC", "NGC", *GLIA_TYPES)}
    fixed, bands = np.array(list(same.values())), list(MULTIFEATURE_ONLY.values())
    own = [to_rgb(now[label]) for label in MULTIFEATURE_ONLY]
    best = np.vstack([fixed, own])
    for _ in range(starts):
        order = rng.permutation(len(bands))
        added = add(fixed, [bands[place] for place in order], rng)
        added[len(fixed) + order] = added[len(fixed) :].copy()
        found = polish(added, [ANY] * len(fixed) + bands, rng, 60, len(fixed))
        if quality(found) > quality(best):
            best = found
    placed = dict(zip(MULTIFEATURE_ONLY, best[len(fixed) :], strict=True))
    return {label: rgb for label, rgb in (same | placed).items() if label not in tuned}


def report(name: str, colors: np.ndarray) -> None:
    distances = smallest_distances(colors).items()
    print(name, *(f"{vision or 'normal'} {value:.2f}" for vision, value in distances), sep="  ")


def as_text(rgb: np.ndarray) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


def main(search: bool, starts: int = 30) -> None:
    rng = np.random.default_rng(0)
    bands = list(AUTOMATIC.values())
    text = PALETTE.read_text(encoding="utf-8")
    content = json.loads(text)
    old = {entry["label"]: entry["color"] for entry in content["types"]}
    starts_rgb = [np.array([to_rgb(old[label]) for label in AUTOMATIC])]
    if search:
        pools = {band: Candidates(band, rng) for band in dict.fromkeys(bands)}
        own = [pools[band] for band in bands]
        starts_rgb = sorted((tune(own, start) for start in range(starts)), key=quality)[-8:]
    best = max((polish(colors, bands, rng) for colors in starts_rgb), key=quality)
    colors = add(best, list(MANUAL_ONLY.values()), rng)
    report("automatic types", best)
    report("all types", colors)
    tuned = dict(zip([*AUTOMATIC, *MANUAL_ONLY], colors, strict=True))
    third = multifeature(tuned, old, rng, starts=40 if search else 0)
    present = ("MC", "NGC", *GLIA_TYPES)
    report("multifeature types", np.array([*third.values(), *(tuned[name] for name in present)]))
    for label, rgb in (tuned | third).items():
        text = text.replace(
            f'"label": "{label}", "color": "{old[label]}"',
            f'"label": "{label}", "color": "{as_text(rgb)}"',
        )
    known = np.array([*tuned.values(), *third.values()])
    if search:
        before = content["others"]["colors"]
        others = add(known, [ANY] * len(before), rng)[len(known) :]
        for color, rgb in zip(before, others, strict=True):
            text = text.replace(f'   "{color}"', f'   "{as_text(rgb)}"')
        report("other types", others)
    PALETTE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(search="--search" in sys.argv[1:])

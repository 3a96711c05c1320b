"""Tune the colours of the cell types: as far apart as so many can be.

Related types share a band of hues. Within the bands a local search maximises the
smallest distance between any two types in CAM02-UCS, over normal vision and the three
colour-vision deficiencies at full severity (Machado et al. 2009,
doi:10.1109/TVCG.2009.113). Run ``python tools/tune_palette.py`` and copy what it prints
into palette.json; the test of the palette keeps the distance from shrinking.
"""

from __future__ import annotations

import itertools

import numpy as np
from colorspacious import cspace_convert

# Hues in degrees of CAM02-UCS and lightness J' (0 black, 100 white): dark enough for white
# paper, light enough for a dark page.
BANDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("23P", "4P"), (190, 260)),
    **dict.fromkeys(("5P-IT", "5P-ET", "5P-NP"), (225, 320)),
    **dict.fromkeys(("6P-IT", "6P-CT"), (115, 200)),
    **dict.fromkeys(("BC", "MC", "BPC", "NGC"), (0, 85)),
    **dict.fromkeys(("astrocyte", "oligo", "OPC", "microglia", "pericyte"), (60, 120)),
}
GLIA = ("astrocyte", "oligo", "OPC", "microglia", "pericyte")
LIGHTNESS = (32.0, 86.0)
VISIONS = (None, "deuteranomaly", "protanomaly", "tritanomaly")


def srgb(ucs: np.ndarray) -> np.ndarray:
    return cspace_convert(ucs, "CAM02-UCS", "sRGB1")


def as_seen(colors: np.ndarray, vision: str | None) -> np.ndarray:
    """Return sRGB colours as somebody with the deficiency sees them, in CAM02-UCS."""
    if vision is not None:
        space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        colors = np.clip(cspace_convert(colors, space, "sRGB1"), 0, 1)
    return cspace_convert(colors, "sRGB1", "CAM02-UCS")


def smallest_distance(colors: np.ndarray) -> float:
    """Smallest distance of any two colours, for the vision that tells them apart worst."""
    pairs = np.array(list(itertools.combinations(range(len(colors)), 2)))
    return min(
        float(np.linalg.norm(np.diff(as_seen(colors, vision)[pairs], axis=1), axis=-1).min())
        for vision in VISIONS
    )


def _draw(name: str, rng: np.random.Generator) -> np.ndarray:
    low, high = BANDS[name]
    hue = np.deg2rad(rng.uniform(low, high))
    chroma = rng.uniform(0, 14) if name in GLIA else rng.uniform(16, 45)
    return np.array([rng.uniform(*LIGHTNESS), chroma * np.cos(hue), chroma * np.sin(hue)])


def tune(steps: int = 12_000, seed: int = 5) -> np.ndarray:
    """Return sRGB colours, shape (types, 3), in the order of `BANDS`."""
    rng = np.random.default_rng(seed)
    names = list(BANDS)

    def candidate(name: str) -> np.ndarray:
        while True:
            color = srgb(_draw(name, rng))
            if ((color >= 0) & (color <= 1)).all():
                return np.round(color * 255) / 255

    colors = np.array([candidate(name) for name in names])
    best = smallest_distance(colors)
    for _ in range(steps):
        which = rng.integers(len(names))
        changed = colors.copy()
        changed[which] = candidate(names[which])
        if (distance := smallest_distance(changed)) > best:
            colors, best = changed, distance
    return colors


if __name__ == "__main__":
    tuned = tune()
    print(f"smallest distance {smallest_distance(tuned):.2f}")
    for name, color in zip(BANDS, tuned, strict=True):
        print(f'"{name}": "#{"".join(f"{round(255 * part):02x}" for part in color)}"')

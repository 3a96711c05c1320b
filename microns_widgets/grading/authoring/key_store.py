"""Caches keys, so that each is computed only once, in a folder that no submission can see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version as installed_version
from pathlib import Path

from microns_widgets._files import cache_folder, write_text
from microns_widgets.grading.authoring.make_key import make_key
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.sandbox.settings import RunSettings


def key_for(
    master: Master | Path,
    variant: int = 0,
    *,
    exercise: Exercise | None = None,
    settings: RunSettings | None = None,
    cache: Path | None = None,
) -> Key:
    """Return a key from the cache, or make it as `make_key` does.

    Keys are stored in the cache folder, readable only by their owner and visible in no sandbox.
    If the master, the cells that were given out, the data, the package or a library changes, a
    new key is made.
    """
    master = read_master(master) if isinstance(master, Path) else master
    public = exercise or master.exercise
    settings = settings or RunSettings()
    digest = content_digest(master, public, variant, settings)
    path = (cache or keys_folder()) / f"{digest}.json"
    try:
        return Key.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        # Missing or damaged: a new one is made.
        pass
    key = make_key(master, variant, exercise=public, settings=settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(path, as_json(key.to_json()), mode=0o600)
    return key


def keys_of_all(master: Master, exercise: Exercise, settings: RunSettings) -> Iterator[Key]:
    """Yield keys of all sets of cells and all versions, one after the other."""
    for variant in exercise.variants_to_prove():
        yield key_for(master, variant, exercise=exercise, settings=settings)


def keys_folder() -> Path:
    """Return the folder with keys; a sandbox must never show it."""
    return cache_folder() / "keys"


def content_digest(master: Master, exercise: Exercise, variant: int, settings: RunSettings) -> str:
    """Return a digest of all that a key depends on: master, cells, data, package, libraries."""
    digest = hashlib.sha256(master.path.read_bytes())
    inputs = [
        replace(exercise, practice=None).to_json(),
        variant,
        settings.version,
        str(settings.data),
    ]
    digest.update(as_json(inputs).encode())
    for path in sorted((settings.data or Path("nowhere")).glob("**/*")):
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    for path in sorted(Path(__file__).parents[2].glob("**/*")):
        if path.suffix in (".py", ".feather", ".json") and "static" not in path.parts:
            digest.update(path.read_bytes())
    for library in ("numpy", "pandas", "scipy", "matplotlib", "seaborn"):
        digest.update(f"{library} {installed_version(library)}\n".encode())
    return digest.hexdigest()

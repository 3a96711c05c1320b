"""Keys that were made once are kept, where no submission can see them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path

from microns_widgets._files import cache_folder, write_text
from microns_widgets.grading.authoring.key import Key, make_key
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.authoring.notebooks import as_json
from microns_widgets.grading.exercise.exercise import Exercise


def key_for(
    master: Master | Path,
    variant: int = 0,
    *,
    exercise: Exercise | None = None,
    version: str = "sample",
    data: Path | None = None,
    cache: Path | None = None,
) -> Key:
    """Return a key, made as `make_key` does, or as it was made before for the same content.

    Keys are kept in the cache folder, for their owner alone, which no sandbox shows. A change of
    the master, the cells given out, the data, the package or a library makes a new one.
    """
    master = read_master(master) if isinstance(master, Path) else master
    public = exercise or master.exercise
    path = (
        cache or keys_folder()
    ) / f"{content_digest(master, public, variant, version, data)}.json"
    try:
        return Key.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or damaged: it is made anew.
        pass
    key = make_key(master, variant, exercise=public, version=version, data=data)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(path, as_json(key.to_json()), mode=0o600)
    return key


def keys_of_all(
    master: Master, exercise: Exercise, *, version: str = "sample", data: Path | None = None
) -> Iterator[Key]:
    """Make the keys of all variants beforehand, one after the other."""
    number = exercise.cells.variants if exercise.cells else 0
    for variant in range(number + 1):
        yield key_for(master, variant, exercise=exercise, version=version, data=data)


def keys_folder() -> Path:
    """Return the folder with keys; a sandbox must never show it."""
    return cache_folder() / "keys"


def content_digest(
    master: Master, exercise: Exercise, variant: int, version: str, data: Path | None
) -> str:
    """Return a digest of all that a key depends on: master, cells, data, package, libraries."""
    digest = hashlib.sha256(master.path.read_bytes())
    digest.update(as_json([exercise.to_json(), variant, version, str(data)]).encode())
    for path in sorted((data or Path("nowhere")).glob("**/*")):
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    for path in sorted(Path(__file__).parents[2].glob("**/*")):
        if path.suffix in (".py", ".feather", ".json") and "static" not in path.parts:
            digest.update(path.read_bytes())
    for library in ("numpy", "pandas", "scipy", "matplotlib", "seaborn"):
        digest.update(f"{library} {installed(library)}\n".encode())
    return digest.hexdigest()

"""What the site is made of: ``_config.yml``, ``_toc.yml``, and the files that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from microns_widgets.errors import SiteNotBuilt

#: Folders with notebooks that are for students to fill in: they are shown as they are.
NOT_EXECUTED = ("exercises",)


@dataclass(frozen=True)
class Course:
    """A folder with a Jupyter Book's two files.

    Parameters
    ----------
    root : pathlib.Path
        The repository's root.

    Raises
    ------
    SiteNotBuilt
        If it has no ``_config.yml`` or ``_toc.yml``, or the latter names a page that is not there.
    """

    root: Path

    def __post_init__(self) -> None:
        for name in ("_config.yml", "_toc.yml"):
            if not (self.root / name).is_file():
                raise SiteNotBuilt(
                    f"{self.root.resolve()} has no {name}, expected the folder of the course. "
                    "Run this in a checkout of the repository."
                )

    @cached_property
    def config(self) -> dict[str, Any]:
        """What ``_config.yml`` says."""
        return dict(yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8")))

    @cached_property
    def pages(self) -> tuple[Path, ...]:
        """The pages' files in reading order, relative to the root."""
        contents = yaml.safe_load((self.root / "_toc.yml").read_text(encoding="utf-8"))
        return tuple(self._file(name) for name in _named(contents))

    @property
    def notebooks(self) -> tuple[Path, ...]:
        """Those of `pages` that are notebooks."""
        return tuple(page for page in self.pages if page.suffix == ".ipynb")

    @property
    def executed(self) -> tuple[Path, ...]:
        """Those of `notebooks` that are shown with their results."""
        return tuple(page for page in self.notebooks if page.parts[0] not in NOT_EXECUTED)

    def _file(self, name: str) -> Path:
        for ending in ("", ".ipynb", ".md", ".rst"):
            if (self.root / f"{name}{ending}").is_file():
                return Path(f"{name}{ending}")
        raise SiteNotBuilt(f"_toc.yml names {name}, and there is no such notebook or text.")


def _named(contents: Any) -> Iterator[str]:
    """Yield the files of a table of contents, at any depth."""
    if isinstance(contents, list):
        for item in contents:
            yield from _named(item)
    elif isinstance(contents, dict):
        for key in ("root", "file"):
            if key in contents:
                yield contents[key]
        for key in ("parts", "chapters", "sections"):
            yield from _named(contents.get(key, []))

"""Contents of the site: ``_config.yml``, ``_toc.yml``, and the files that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from microns_widgets.errors import SiteNotBuilt

#: Folders of notebooks that students fill in: they are shown without being executed.
NOT_EXECUTED = ("exercises",)


@dataclass(frozen=True)
class Course:
    """The folder of a Jupyter Book.

    Parameters
    ----------
    root : pathlib.Path
        Root of the repository.

    Raises
    ------
    SiteNotBuilt
        If ``_config.yml`` or ``_toc.yml`` is missing, or ``_toc.yml`` names a missing page.
    """

    root: Path

    def __post_init__(self) -> None:
        for name in ("_config.yml", "_toc.yml"):
            if not (self.root / name).is_file():
                raise SiteNotBuilt(
                    f"{self.root.resolve()} has no {name}, so it is not the folder of the course. "
                    "Run this in a checkout of the repository."
                )

    @cached_property
    def config(self) -> dict[str, Any]:
        """Content of ``_config.yml``."""
        return dict(yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8")))

    @cached_property
    def pages(self) -> tuple[Path, ...]:
        """The pages' files in reading order, relative to the root."""
        contents = yaml.safe_load((self.root / "_toc.yml").read_text(encoding="utf-8"))
        return tuple(self._file(name) for name in _named(contents))

    @property
    def notebooks(self) -> tuple[Path, ...]:
        """The notebooks among `pages`."""
        return tuple(page for page in self.pages if page.suffix == ".ipynb")

    @property
    def executed(self) -> tuple[Path, ...]:
        """The notebooks that are shown with their results."""
        return tuple(page for page in self.notebooks if page.parts[0] not in NOT_EXECUTED)

    def _file(self, name: str) -> Path:
        for ending in ("", ".ipynb", ".md", ".rst"):
            if (self.root / f"{name}{ending}").is_file():
                return Path(f"{name}{ending}")
        raise SiteNotBuilt(
            f"_toc.yml names {name}, but there is no such notebook or text. Fix the name."
        )


def _named(contents: Any) -> Iterator[str]:
    """Yield the files of a table of contents, at all levels."""
    if isinstance(contents, list):
        for item in contents:
            yield from _named(item)
    elif isinstance(contents, dict):
        for key in ("root", "file"):
            if key in contents:
                yield contents[key]
        for key in ("parts", "chapters", "sections"):
            yield from _named(contents.get(key, []))

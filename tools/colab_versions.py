"""Write which versions Colab has: ``python -m tools.colab_versions``.

The package is tested beside them. Colab's maintainers publish what its image
holds, as a list of `pip freeze`. What the package needs is kept, directly or through others, and
the notebook's own parts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ADDRESS = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"
VERSIONS = Path(__file__).parents[1] / "tests" / "browser" / "colab-versions.txt"
#: What a notebook runs in there; the package itself asks for little of it.
HOST = ("ipykernel", "ipython", "jupyter-client", "notebook", "pyzmq", "tornado", "traitlets")
_HEAD = """\
# What Colab has held since {date}, as its maintainers publish it; only what the package and a
# notebook need. Written by `python -m tools.colab_versions`. The package is installed beside
# exactly these: if it refused one of them, or something it needs did, that would fail.
"""


def needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of all packages that an installed package needs here, without its own."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        asked = waiting.pop()
        new = [one for one in _asks_for(*asked) if one not in found]
        found.update(new)
        waiting += new
    return {name for name, _ in found}


def _asks_for(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    try:
        texts = requires(name) or []
    except PackageNotFoundError:
        # Needed by another system or another version of Python.
        return
    for text in texts:
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({"extra": own}) for own in {"", *extras}):
            yield canonicalize_name(one.name), frozenset(one.extras)


def pins(freeze: str, names: set[str]) -> dict[str, str]:
    """Return the versions that a list has of some packages, by name.

    A local part, as in ``2.7.0+cu126``, is left out: no index has such a version.
    """
    lines = re.findall(r"^([\w.-]+)==([^\s+;]+)", freeze, re.MULTILINE)
    versions = {canonicalize_name(name): version for name, version in lines}
    return {name: versions[name] for name in sorted(names & versions.keys())}


def main(
    freeze: Annotated[
        Path | None, typer.Argument(help="The list, if it is on this computer.", exists=True)
    ] = None,
    date: Annotated[
        str, typer.Option(help="Since when Colab has held these; today if not given.")
    ] = "",
) -> None:
    """Write `tests/browser/colab-versions.txt` again."""
    if freeze is None:
        import requests

        answer = requests.get(ADDRESS, timeout=60)
        answer.raise_for_status()
        text = answer.text
    else:
        text = freeze.read_text(encoding="utf-8")
    found = pins(text, needed("microns-widgets", frozenset({"cave"})) | set(HOST))
    if missing := set(HOST) - found.keys():
        sys.exit(f"The list has no {', '.join(sorted(missing))}: is it the right file?")
    head = _HEAD.format(date=date or f"{datetime.now(UTC):%Y-%m-%d}")
    lines = [f"{name}=={version}\n" for name, version in found.items()]
    VERSIONS.write_text(head + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} versions in {VERSIONS}")


if __name__ == "__main__":
    typer.run(main)

"""A package index on loopback where somebody else has registered this package's name."""

from __future__ import annotations

import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement

NAME = "microns-widgets"
OWN_VERSION = version(NAME)
#: Content of the other package.
OTHER_PACKAGE = "raise SystemExit('This is somebody else's package.')\n"
HIGHER_VERSION = "99.0"


class PackageIndex:
    """The index while it is served.

    Attributes
    ----------
    url : str
        Its address; the files below `folder` lie beside it under the same names.
    asked : list of str
        The paths that were requested so far.
    """

    def __init__(self, folder: Path, url: str, asked: list[str]) -> None:
        self.folder, self.url, self.asked = folder, url, asked

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a pip that knows this index and nothing else."""
        without = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
        return without | {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"{self.url}/simple/",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_COMPILE": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
        }

    @property
    def asked_for_the_name(self) -> bool:
        """Whether anybody looked for this package in the index."""
        return any(path.startswith(f"/simple/{NAME}") for path in self.asked)


@contextmanager
def index_with_another_package(folder: Path) -> Iterator[PackageIndex]:
    """Serve somebody else's package in our version and a higher one; our dependencies are empty.

    The same applies to those of the extras: notebooks install `cave`, and graders `grading`.
    """
    for other in (OWN_VERSION, HIGHER_VERSION):
        modules = {"microns_widgets/__init__.py": f"VERSION = {other!r}\n{OTHER_PACKAGE}"}
        _write_wheel(folder / "simple", NAME, other, modules)
    for dependency in map(Requirement, requires(NAME) or []):
        marker = dependency.marker
        if marker is None or any(
            marker.evaluate({"extra": extra}) for extra in ("cave", "grading")
        ):
            _write_wheel(folder / "simple", dependency.name, version(dependency.name), {})
    asked: list[str] = []

    class Recorder(SimpleHTTPRequestHandler):
        def log_request(self, *_answer: object) -> None:
            asked.append(self.path)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Recorder, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield PackageIndex(folder, f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()


def _write_wheel(simple: Path, name: str, version: str, modules: dict[str, str]) -> None:
    """Write the smallest wheel that pip installs; the folder's listing is the index's page."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    files = modules | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    folder = simple / name.lower().replace("_", "-")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)

"""Pyodide beside the pages: its core, the packages that the course needs, and the course's own.

Pyodide loads the packages that ``pyodide-lock.json`` lists, in one go and with checked hashes. The
lock file written here lists only what the course needs, including wheels that Pyodide does not
distribute, so that nothing is asked from another server.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from microns_widgets.errors import SiteNotBuilt

LOCK = "pyodide-lock.json"
#: Files of the core. The lock file is written, not copied.
_CORE = ("pyodide*.js", "pyodide*.mjs", "pyodide*.wasm", "python_stdlib.zip")
#: Requirements that nothing imports in a browser: the command line, and files of JupyterLab, which
#: the site has.
NOT_IN_BROWSER = frozenset({"jupyterlab-widgets", "rich", "typer"})


@dataclass
class Packages:
    """Chooses packages with all that they require: given wheels, Pyodide's, or PyPI's.

    Parameters
    ----------
    lock : dict
        Content of the distribution's lock file.
    wheels : sequence of pathlib.Path
        Wheels to be used in preference to the distribution's packages of the same name.
    downloads : pathlib.Path
        Folder for pure-Python wheels that the distribution lacks.
    any_version : bool
        Whether the distribution's packages may be older than required.
    without : collection of str
        Requirements to be left out.
    """

    lock: dict[str, Any]
    wheels: Sequence[Path]
    downloads: Path
    any_version: bool = False
    without: frozenset[str] = NOT_IN_BROWSER
    #: The entries of the new lock file, by name.
    chosen: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The wheels that are not the distribution's.
    added: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        distributed = self.lock["packages"].values()
        self._distributed = {canonicalize_name(entry["name"]): entry for entry in distributed}
        self._given = {parse_wheel_filename(wheel.name)[0]: wheel for wheel in sorted(self.wheels)}
        self._environment = {
            "extra": "",
            "implementation_name": "cpython",
            "os_name": "posix",
            "platform_machine": "wasm32",
            "platform_python_implementation": "CPython",
            "platform_system": "Emscripten",
            "python_full_version": self.lock["info"]["python"],
            "python_version": ".".join(self.lock["info"]["python"].split(".")[:2]),
            "sys_platform": "emscripten",
        }

    def require(self, requirement: Requirement) -> None:
        """Choose a package, and what it requires in turn.

        Raises
        ------
        SiteNotBuilt
            If the distribution's version does not suffice, or PyPI has no pure-Python wheel.
        """
        name = canonicalize_name(requirement.name)
        if name in self.chosen or name in self.without:
            return
        if name in self._given:
            self._add_wheel(name, self._given[name])
        elif (entry := self._distributed.get(name)) is not None:
            if not (self.any_version or requirement.specifier.contains(entry["version"])):
                raise SiteNotBuilt(
                    f"Pyodide {self.lock['info']['version']} has {name} {entry['version']}, but "
                    f"{requirement} is required. Choose a newer Pyodide (docs/in_the_browser.md)."
                )
            self.chosen[name] = entry
            for other in entry["depends"]:
                self.require(Requirement(other))
        else:
            self._add_wheel(name, self._download(requirement))

    def _add_wheel(self, name: str, wheel: Path) -> None:
        requirements = [
            requirement
            for text in metadata_of(wheel).get_all("Requires-Dist", [])
            if (requirement := Requirement(text)).marker is None
            or requirement.marker.evaluate(self._environment)
        ]
        names = {canonicalize_name(requirement.name) for requirement in requirements}
        self.chosen[name] = {
            "name": name,
            "version": str(parse_wheel_filename(wheel.name)[1]),
            "file_name": wheel.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": modules_of(wheel),
            "depends": sorted(names - self.without),
            "unvendored_tests": False,
        }
        self.added.append(wheel)
        for requirement in requirements:
            self.require(requirement)

    def _download(self, requirement: Requirement) -> Path:
        before = set(self.downloads.glob("*.whl"))
        # Pure Python: a compiled wheel of this machine could not be used.
        pure = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
        process = subprocess.run(
            [
                *[sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", *pure],
                f"--python-version={self._environment['python_version']}",
                *["--disable-pip-version-check", "--dest", str(self.downloads)],
                f"{requirement.name}{requirement.specifier}",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        wheels = set(self.downloads.glob("*.whl")) - before
        if process.returncode or len(wheels) != 1:
            raise SiteNotBuilt(
                f"{requirement} is neither part of Pyodide nor available as a pure-Python wheel "
                f"from the package index:\n{process.stderr.strip()[-500:]}"
            )
        return wheels.pop()


def write_pyodide(
    distribution: Path, packages: Packages, folder: Path, fetched: Mapping[str, Path] | None = None
) -> None:
    """Write Pyodide's core, the chosen packages and their lock file into a folder.

    Parameters
    ----------
    distribution : pathlib.Path
        A folder with the core and, unless they are in `fetched`, the packages.
    packages : Packages
        What was chosen.
    folder : pathlib.Path
        The new folder.
    fetched : mapping of str to pathlib.Path, optional
        The distribution's packages that lie elsewhere, by the names of their files.

    Raises
    ------
    SiteNotBuilt
        If a file is missing, or is not the one that the distribution's lock file names.
    """
    folder.mkdir(parents=True)
    core = [path for pattern in _CORE for path in distribution.glob(pattern)]
    if not core:
        raise SiteNotBuilt(f"{distribution} has no pyodide.mjs, so it is not Pyodide.")
    own = {wheel.name: wheel for wheel in packages.added}
    for path in core:
        shutil.copyfile(path, folder / path.name)
    for name, entry in packages.chosen.items():
        file = entry["file_name"]
        path = own.get(file) or (fetched or {}).get(file) or distribution / file
        if not path.is_file():
            raise SiteNotBuilt(f"{distribution} lacks {file}, which the package {name} needs.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            raise SiteNotBuilt(f"{path} is not the file that {LOCK} names: its SHA-256 differs.")
        shutil.copyfile(path, folder / Path(file).name)
    entries = {
        name: {**entry, "file_name": Path(entry["file_name"]).name}
        for name, entry in sorted(packages.chosen.items())
    }
    lock = {**packages.lock, "packages": entries}
    (folder / LOCK).write_text(json.dumps(lock), encoding="utf-8")


def metadata_of(wheel: Path) -> Any:
    """Return the metadata of a wheel, as the headers of a message."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode())


def modules_of(wheel: Path) -> list[str]:
    """Return the names under which a wheel's code is imported."""
    with zipfile.ZipFile(wheel) as archive:
        files = [Path(name) for name in archive.namelist() if name.endswith(".py")]
    packages = {path.parts[0] for path in files if len(path.parts) > 1}
    return sorted(packages | {path.stem for path in files if len(path.parts) == 1})

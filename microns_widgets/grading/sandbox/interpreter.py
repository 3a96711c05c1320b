"""Which files a Python has to read in order to run this package: as few as possible."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import microns_widgets

#: The C library and what libraries need beside it; paths that a system lacks are skipped.
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
#: Prefixes that contain much besides Python.
_SHARED = (Path("/usr"), Path("/usr/local"))
_START = (
    "import sys; sys.path += sys.argv[1:]; "
    "from microns_widgets.grading.sandbox.start import main; main()"
)


@dataclass(frozen=True)
class Interpreter:
    """A Python, with the files and folders that it reads.

    Parameters
    ----------
    executable : path
        The program itself, not a link to it.
    prefix : path
        Where its standard library is, in ``lib``.
    packages : tuple of path
        Folders with installed packages.
    package : path
        The folder of this package.
    """

    executable: Path
    prefix: Path
    packages: tuple[Path, ...]
    package: Path

    @classmethod
    def own(cls) -> Interpreter:
        """Return the Python that runs this."""
        # Only folders that pip installs into: others on the path may contain a teacher's masters.
        entries = (Path(entry) for entry in sys.path)
        return cls(
            executable=Path(os.path.realpath(sys.executable)),
            prefix=Path(sys.base_prefix),
            packages=tuple(
                path
                for path in dict.fromkeys(entries)
                if path.name in ("site-packages", "dist-packages") and path.is_dir()
            ),
            package=Path(microns_widgets.__file__).parent,
        )

    @property
    def readable(self) -> tuple[Path, ...]:
        """Every file and folder that has to be readable."""
        home = [self.prefix / "lib"] if self.prefix in _SHARED else [self.prefix]
        paths = [Path(p) for p in _SYSTEM]
        paths += [*home, self.executable, *self.packages, self.package]
        return tuple(path for path in dict.fromkeys(paths) if path.exists())

    @property
    def command(self) -> list[str]:
        """Command that starts the driver, without environment, user packages or ``.pth`` files."""
        path = [str(p) for p in (*self.packages, self.package.parent)]
        return [str(self.executable), "-I", "-S", "-B", "-X", "utf8", "-c", _START, *path]

    def unreachable_path(self) -> Path | None:
        """Return the first folder or file that another user cannot reach, or None."""
        for path in self.readable:
            for above in reversed(path.resolve().parents):
                if not above.stat().st_mode & stat.S_IXOTH:
                    return above
        return self.unreadable_path()

    def unreadable_path(self) -> Path | None:
        """Return what another user cannot read even if no folder is in the way, or None."""
        return next((path for path in self.readable if _is_private(path.resolve())), None)


def environment(home: Path, extra: dict[str, str]) -> dict[str, str]:
    """Return the complete environment of a submission."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        # As in a student's kernel.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # There is no network and no browser: libraries need not try them.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PLOTLY_RENDERER": "json",
        "BROWSER": "true",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # One thread each: sums are added in the same order, and many submissions run in parallel.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        **extra,
    }


def _is_private(path: Path) -> bool:
    permissions = stat.S_IXOTH | stat.S_IROTH if path.is_dir() else stat.S_IROTH
    return path.stat().st_mode & permissions != permissions

"""What a Python needs to be able to read in order to run this package: as little as works."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import microns_widgets

#: The C library and what libraries need beside it; those that a system lacks are left out.
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
#: Prefixes that hold much besides Python.
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
        The program itself, no link to it.
    prefix : path
        Where its standard library is, in ``lib``.
    packages : tuple of path
        Folders with installed packages.
    package : path
        The folder of this package itself.
    """

    executable: Path
    prefix: Path
    packages: tuple[Path, ...]
    package: Path

    @classmethod
    def own(cls) -> Interpreter:
        """Give the Python that runs this."""
        # Only what pip installs into: another folder on the path may hold a teacher's masters.
        named = (Path(entry) for entry in sys.path)
        return cls(
            executable=Path(os.path.realpath(sys.executable)),
            prefix=Path(sys.base_prefix),
            packages=tuple(
                path
                for path in dict.fromkeys(named)
                if path.name in ("site-packages", "dist-packages") and path.is_dir()
            ),
            package=Path(microns_widgets.__file__).parent,
        )

    @property
    def reading(self) -> tuple[Path, ...]:
        """Every file and folder that has to be there, links resolved where they must be."""
        home = [self.prefix / "lib"] if self.prefix in _SHARED else [self.prefix]
        wanted = [Path(p) for p in _SYSTEM]
        wanted += [*home, self.executable, *self.packages, self.package]
        return tuple(path for path in dict.fromkeys(wanted) if path.exists())

    @property
    def command(self) -> list[str]:
        """Start the driver: no environment, no user's packages, no ``.pth`` files."""
        path = [str(p) for p in (*self.packages, self.package.parent)]
        return [str(self.executable), "-I", "-S", "-B", "-X", "utf8", "-c", _START, *path]

    def closed_to_others(self) -> Path | None:
        """Give the first folder on the way that another user cannot pass, or None."""
        for path in self.reading:
            for above in reversed(path.resolve().parents):
                if not above.stat().st_mode & stat.S_IXOTH:
                    return above
        return self.closed_inside()

    def closed_inside(self) -> Path | None:
        """Give what another user cannot read even where no folder is in the way, or None."""
        return next((path for path in self.reading if _closed(path.resolve())), None)


def environment(home: Path, extra: dict[str, str]) -> dict[str, str]:
    """Give all of the environment that a submission sees."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        "MPLBACKEND": "agg",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # One thread each: sums are added in one order, and many submissions run side by side.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        **extra,
    }


def _closed(path: Path) -> bool:
    wanted = stat.S_IXOTH | stat.S_IROTH if path.is_dir() else stat.S_IROTH
    return path.stat().st_mode & wanted != wanted

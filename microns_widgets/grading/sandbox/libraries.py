"""Libraries that submissions import and this machine lacks, added for one grading (``--with``)."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata

from microns_widgets._files import cache_folder, whole_folder
from microns_widgets.errors import InvalidArgument, MissingLibrary, quoted
from microns_widgets.grading.sandbox.interpreter import Interpreter

#: A name with an optional version: no option of pip, no address and no path.
_NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?((==|>=|<=|~=)[A-Za-z0-9.*+!]+)?"
)


def with_libraries(names: Sequence[str]) -> Interpreter:
    """Return this Python with further libraries, which are installed on first use.

    What is installed already stays as it is: the libraries are put into a folder of their own,
    which is searched last, in versions that fit.

    Parameters
    ----------
    names : sequence of str
        Names of libraries as pip takes them, such as ``plotly`` or ``plotly>=6``.

    Raises
    ------
    InvalidArgument
        If one is not the name of a library.
    MissingLibrary
        If they cannot be installed.
    """
    own = Interpreter.own()
    for name in names:
        if not _NAME.fullmatch(name):
            raise InvalidArgument(
                f"--with {quoted(name)} is not the name of a library. Expected a name such as "
                "plotly, or plotly>=6."
            )
    installed = sorted(f"{one.name}=={one.version}" for one in metadata.distributions() if one.name)
    inputs = "\n".join([sys.version, *sorted(names), *installed])
    folder = cache_folder() / "grading" / hashlib.sha256(inputs.encode()).hexdigest()[:16]
    if not folder.is_dir():
        with whole_folder(folder) as temporary:
            constraints = temporary / "constraints.txt"
            constraints.write_text("\n".join(installed), encoding="utf-8")
            _install(names, str(temporary / "site-packages"), str(constraints))
    return replace(own, packages=(*own.packages, folder / "site-packages"))


def _install(names: Sequence[str], target: str, constraints: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--no-input", "--target", target, "--constraint", constraints, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason."])[-1]
        raise MissingLibrary(
            f"{', '.join(names)} could not be installed for the submissions: {reason} Check the "
            "name and your network connection, or leave out --with."
        )

"""Packs the running package as a wheel, so that an archive grades with the code that made it."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import microns_widgets

# The same time in each wheel, so that the same package always has the same bytes.
_TIME = (2020, 1, 1, 0, 0, 0)
_METADATA = ("METADATA", "entry_points.txt", "licenses/LICENSE")
_WHEEL = b"""\
Wheel-Version: 1.0
Generator: microns-widgets
Root-Is-Purelib: true
Tag: py3-none-any
"""


def own_wheel() -> tuple[str, bytes]:
    """Pack the package into a wheel, whether it is installed or imported from a checkout.

    The usual way to build a wheel needs a checkout and tools from the network; this needs
    neither.

    Returns
    -------
    tuple
        The wheel's name and its bytes, which depend only on the package.
    """
    installed = distribution("microns-widgets")
    info = f"microns_widgets-{installed.version}.dist-info"
    package = Path(microns_widgets.__file__).parent
    contents = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in _METADATA:
        contents[f"{info}/{name}"] = (installed.read_text(name) or "").encode()
    contents[f"{info}/WHEEL"] = _WHEEL
    contents[f"{info}/RECORD"] = _record(contents, f"{info}/RECORD")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)
    return f"microns_widgets-{installed.version}-py3-none-any.whl", buffer.getvalue()


def _record(contents: dict[str, bytes], itself: str) -> bytes:
    """Return the list of a wheel's files with their hashes, as the specification requires."""
    lines = []
    for name, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{itself},,", ""]).encode()

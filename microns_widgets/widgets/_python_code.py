"""Values as Python code, in the same form as the front end writes them.

``frontend/src/shared/python-code.ts`` is its twin; one file of awkward names tests both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

#: Signs that cannot be seen, that end a line, or that turn the text after them around. Python and
#: JavaScript read this expression alike.
INVISIBLE = (
    r"[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff0-\ufffb]"
)
_INVISIBLE = re.compile(INVISIBLE)


def python_code(value: object) -> str:
    """Return Python code that evaluates to a text, a number, None, or a container of these."""
    if isinstance(value, str):
        # What JSON escapes, Python reads in the same way.
        return _INVISIBLE.sub(_escaped, json.dumps(value, ensure_ascii=False))
    if isinstance(value, list):
        return f"[{', '.join(map(python_code, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(python_code, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        items = (f"{python_code(key)}: {python_code(one)}" for key, one in value.items())
        return f"{{{', '.join(items)}}}"
    return repr(value)


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"

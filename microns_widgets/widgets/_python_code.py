"""Writes values as Python code, exactly as the front end does.

Its counterpart is ``frontend/src/shared/python-code.ts``; one file of awkward names tests both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

#: Characters that are invisible, end a line, or reverse the direction of text. The expression is
#: valid in Python and in JavaScript.
INVISIBLE = (
    r"[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff0-\ufffb]"
)
_INVISIBLE = re.compile(INVISIBLE)


def python_code(value: object) -> str:
    """Return Python code for a string, a number, None, or a container of these."""
    if isinstance(value, str):
        # JSON's escapes mean the same in Python.
        return _INVISIBLE.sub(_escaped, json.dumps(value, ensure_ascii=False))
    if isinstance(value, list):
        return f"[{', '.join(map(python_code, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(python_code, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        items = (f"{python_code(key)}: {python_code(one)}" for key, one in value.items())
        return f"{{{', '.join(items)}}}"
    return repr(value)


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"

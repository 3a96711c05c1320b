"""What was captured, in a few words, for whoever handed it in."""

from __future__ import annotations

import json

from microns_widgets.grading.sandbox.records import plain

_MOST = 240
_ITEMS = 6


def brief(payload: object) -> str:
    """Give a payload's beginning as one line of text. It may be a stranger's: it is only shown."""
    if payload is None:
        return ""
    if isinstance(payload, dict) and len(payload) == 1:
        [payload] = payload.values()
    return plain(_short(payload, 3), _MOST)


def _short(value: object, levels: int) -> str:
    if isinstance(value, list):
        if levels == 0:
            return f"[{len(value):,} items]"
        more = f", ... ({len(value):,} in all)" if len(value) > _ITEMS else ""
        return "[" + ", ".join(_short(one, levels - 1) for one in value[:_ITEMS]) + more + "]"
    if isinstance(value, dict):
        if levels == 0:
            return f"{{{len(value):,} entries}}"
        shown = list(value.items())[:_ITEMS]
        more = f", ... ({len(value):,} in all)" if len(value) > _ITEMS else ""
        inner = (f"{str(name)[:40]}: {_short(one, levels - 1)}" for name, one in shown)
        return ", ".join(inner) + more
    if isinstance(value, str):
        return value[:_MOST]
    return json.dumps(value)[:40]

"""Files that a page loads when it needs them: code, states of widgets, and their data.

Each is a script that hands over one value, because a page that lies on the disk may load scripts
and nothing else. ``on_page.js`` loads them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

#: Texts below this length stay in the state of their widget.
_SHORT = 2_000


class PageFiles:
    """Writes the files into a folder, each content once.

    Parameters
    ----------
    folder : pathlib.Path
        Becomes ``vendor/`` on the site.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, value: Any) -> str:
        """Write a value that consists of JSON; return its name."""
        path = self._folder / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        path.write_text(f"micronsFiles.receive({json.dumps(name)}, {text});\n", encoding="utf-8")
        return name

    def write_apart(self, value: Any) -> Any:
        """Write the binary data within a value to files, and return it with their names.

        Binary data are ``{"base64": "..."}``, and their names ``{"base64_file": "..."}``.
        Widgets that show the same table share its file.
        """
        if isinstance(value, dict):
            text = value.get("base64")
            if isinstance(text, str) and len(value) == 1 and len(text) >= _SHORT:
                digest = hashlib.sha256(text.encode()).hexdigest()[:20]
                return {"base64_file": self.write(f"data/{digest}", text)}
            return {key: self.write_apart(item) for key, item in value.items()}
        return [self.write_apart(item) for item in value] if isinstance(value, list) else value

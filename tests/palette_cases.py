"""Types that the palette does not know, with the colours that they have in Python and the browser.

To renew the file after a change: ``python tests/palette_cases.py`` from the root.
"""

from __future__ import annotations

import json
from pathlib import Path

from microns_widgets import palette

FIXTURE = Path(__file__).parents[1] / "frontend" / "test" / "fixtures" / "palette.json"
LABELS = (
    *("Purkinje", "granule", "KCg-m", "DNp01", "axon_by_machine", "a", "A", " "),
    *("Körnerzelle", "锥体细胞", "🧠 cell", "<b>", "x" * 300),
)


def content() -> str:
    """The colour of each type, as JSON."""
    colors = {label: palette.color(label) for label in LABELS}
    return json.dumps(colors, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FIXTURE.write_text(content(), encoding="utf-8")

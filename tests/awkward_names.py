"""Names that can break code, tables and pages, in one file for the tests in both languages.

``python -m tests.awkward_names`` writes it; a test compares the file with what is made now.
"""

from __future__ import annotations

import json
from pathlib import Path

from microns_widgets._csv import safe_cell
from microns_widgets.widgets._python_code import python_code

FILE = Path(__file__).parents[1] / "frontend" / "test" / "fixtures" / "awkward-names.json"
NAMES = (
    *("", " ", "23P", "_hidden", "__proto__", "constructor", "x" * 10_000),
    *("it's", 'a "cell"', "'''", '"""', "\\", "\\n", "a\\", "%s {x} ${y}", "$", "$\\frac$"),
    *("a\nb", "a\r\nb", "\t", "a\x00b", "a\x00", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff"),
    *(
        "\u202egnp.exe",
        "a\u200bb",
        "\u00a0",
        "日本語",
        "🧠",
        "👩\u200d🔬",
        "שלום",
        "\ud800",
        "a\udfffb",
    ),
    *("<script>alert(1)</script>", "</script>", "&lt;b&gt;", "**bold**", "a,b", "a;b"),
    *('=HYPERLINK("http://e","x")', "=1", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "\n=1"),
    *("'=1", "''=1", "'", "'a", "-", "--1"),
    *("-1", "-1.5", "-.5", "-2e-3", "1", "864691135000000001"),
)


def content() -> list[dict[str, str]]:
    """Return each name with its Python code and its cell in a CSV file."""
    return [{"name": name, "code": python_code(name), "cell": safe_cell(name)} for name in NAMES]


def text() -> str:
    """Return the contents of the file."""
    lines = ",\n".join(json.dumps(one) for one in content())
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""Text from a submission or an archive, made safe to print: one line of bounded length."""

from __future__ import annotations

#: Largest number of characters.
LONGEST = 500


def plain(text: str, most: int = LONGEST) -> str:
    """Return a text as one printable line of bounded length."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text[:most])
    return printable.encode("utf-8", "replace").decode("utf-8").strip()

"""Light markdown, for texts that are shown without a markdown parser: code, emphasis, links."""

from __future__ import annotations

import html
import re

#: Code, strong, emphasis, and a link with its address. The same in Python and in JavaScript.
LIGHT_MARKDOWN = (
    r"`([^`]+)`|\*\*([^*\s](?:[^*]*[^*\s])?)\*\*|(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
    r"|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)"
)


def as_html(text: str) -> str:
    """Return one paragraph as HTML; everything that is not light markdown is text.

    Examples
    --------
    >>> as_html("Is `a < b`? *Not* here.")
    'Is <code>a &lt; b</code>? <em>Not</em> here.'
    """
    parts: list[str] = []
    end = 0
    for match in re.finditer(LIGHT_MARKDOWN, text):
        parts += [html.escape(text[end : match.start()]), _element(match)]
        end = match.end()
    return "".join([*parts, html.escape(text[end:])])


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which an empty line separates."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _element(match: re.Match[str]) -> str:
    code, strong, emphasis, words, address = match.groups()
    if words:
        return f'<a href="{html.escape(address)}">{html.escape(words)}</a>'
    for tag, inner in (("code", code), ("strong", strong), ("em", emphasis)):
        if inner:
            return f"<{tag}>{html.escape(inner)}</{tag}>"
    return html.escape(match[0])

"""Rules about headings, links and pictures in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from tools.lint_notebooks.conventions import DATA_SERVICES, INSTALL, OF_A_DATA_SERVICE
from tools.lint_notebooks.notebook import Cell, Finding, Notebook

_DIRECTIVE = re.compile(r"^(`{3,}|:{3,})\{", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s)>\]\"'`]+")


def one_title(notebook: Notebook) -> Iterator[Finding]:
    titles = [heading for heading in notebook.headings if heading.level == 1]
    if not titles or notebook.headings[0].level != 1 or titles[0].cell.number != 0:
        yield notebook.found(
            None, "The first cell does not open with the title.", 'Begin it with "# Title".'
        )
    for heading in titles[1:]:
        yield notebook.found(
            heading.cell, f"A second title: {heading.text!r}.", 'Make it a section with "##".'
        )


def headings_without_gaps(notebook: Notebook) -> Iterator[Finding]:
    """A screen reader's list of headings is a table of contents, and a gap is a missing page."""
    for before, heading in zip(notebook.headings, notebook.headings[1:], strict=False):
        if heading.level > before.level + 1:
            wrong = f"{heading.text!r} has level {heading.level} below level {before.level}."
            yield notebook.found(
                heading.cell, wrong, f'Begin it with "{"#" * (before.level + 1)}".'
            )


def links_resolve(notebook: Notebook) -> Iterator[Finding]:
    for cell, address in _links(notebook):
        parts = urlsplit(address)
        if parts.scheme or not parts.path:
            continue
        if parts.path.startswith("/") or not (notebook.path.parent / unquote(parts.path)).exists():
            yield notebook.found(
                cell, f"The link {address!r} leads to no file.", "Name a file beside this one."
            )


def digital_object_identifiers(notebook: Notebook) -> Iterator[Finding]:
    """A reader trusts the words of a link: they and its address name one paper."""
    for cell in notebook.cells:
        for token in cell.tokens:
            for link, text in _worded_links(token.children or []):
                said = re.match(r"doi:\s*(\S+)", text, re.IGNORECASE)
                if said and link != f"https://doi.org/{said[1]}":
                    wrong = f"The link says {said[0]!r} and leads to {link!r}."
                    yield notebook.found(cell, wrong, f"Let it lead to https://doi.org/{said[1]}.")


def addresses_of_data(notebook: Notebook) -> Iterator[Finding]:
    """The address of another dataset's server looks right and gives wrong numbers."""
    for cell in notebook.cells:
        if cell.type == "markdown":
            for address in _ADDRESS.findall(cell.source):
                if OF_A_DATA_SERVICE.search(address) and not address.startswith(DATA_SERVICES):
                    yield notebook.found(
                        cell,
                        f"{address!r} is no address of this dataset.",
                        "Name one of DATA_SERVICES in tools/lint_notebooks/conventions.py.",
                    )
        elif cell.number != INSTALL and (found := _ADDRESS.search(cell.source)):
            yield notebook.found(
                cell,
                f"The code names an address: {found[0]!r}.",
                "Name data by VERSION; addresses stand once, in the package.",
            )


def plain_markdown(notebook: Notebook) -> Iterator[Finding]:
    """A directive of the book is a block of raw code in Colab and on GitHub."""
    for cell in notebook.cells:
        if cell.type == "markdown" and _DIRECTIVE.search(cell.source):
            yield notebook.found(
                cell, "A directive shows as code outside the book.", "Write plain markdown."
            )


def folds_everywhere(notebook: Notebook) -> Iterator[Finding]:
    """Without the empty lines an answer's markdown stays raw in some hosts."""
    for cell in notebook.cells:
        if cell.type != "markdown" or "<details" not in cell.source:
            continue
        folded = re.findall(
            r"^<details>\n<summary>.+?</summary>\n\n(?!</details>).+?\n\n</details>$",
            cell.source,
            re.MULTILINE | re.DOTALL,
        )
        if len(folded) != cell.source.count("<details"):
            yield notebook.found(
                cell,
                "A folded answer does not fold alike in all hosts.",
                "Lines: <details>, <summary>..</summary>, empty, answer, empty, </details>.",
            )


def _links(notebook: Notebook) -> Iterator[tuple[Cell, str]]:
    for cell in notebook.cells:
        for token in cell.inlines:
            target = token.attrGet("src" if token.type == "image" else "href")
            if isinstance(target, str) and not target.startswith("attachment:"):
                yield cell, target


def _worded_links(children: list[Token]) -> Iterator[tuple[str, str]]:
    for place, token in enumerate(children):
        if token.type == "link_open":
            words = []
            for inner in children[place + 1 :]:
                if inner.type == "link_close":
                    break
                words.append(inner.content)
            yield token.attrGet("href"), "".join(words)


RULES = (
    one_title,
    headings_without_gaps,
    links_resolve,
    digital_object_identifiers,
    addresses_of_data,
    plain_markdown,
    folds_everywhere,
)

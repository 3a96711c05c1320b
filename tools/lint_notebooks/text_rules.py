"""Rules about headings, links and pictures in markdown."""

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
        yield notebook.finding(
            None, "The first cell does not begin with the title.", 'Begin it with "# Title".'
        )
    for heading in titles[1:]:
        yield notebook.finding(
            heading.cell,
            f"There is a second title: {heading.text!r}.",
            'Make it a section with "##".',
        )


def headings_without_gaps(notebook: Notebook) -> Iterator[Finding]:
    """Screen readers list headings as a table of contents; a skipped level breaks it."""
    for before, heading in zip(notebook.headings, notebook.headings[1:], strict=False):
        if heading.level > before.level + 1:
            wrong = f"{heading.text!r} has level {heading.level} below level {before.level}."
            yield notebook.finding(
                heading.cell, wrong, f'Begin it with "{"#" * (before.level + 1)}".'
            )


def links_resolve(notebook: Notebook) -> Iterator[Finding]:
    for cell, address in _links(notebook):
        parts = urlsplit(address)
        if parts.scheme or not parts.path:
            continue
        if parts.path.startswith("/") or not (notebook.path.parent / unquote(parts.path)).exists():
            yield notebook.finding(
                cell,
                f"The link {address!r} does not lead to a file.",
                "Use a relative path to an existing file.",
            )


def digital_object_identifiers(notebook: Notebook) -> Iterator[Finding]:
    """The text of a link and its address must name the same paper."""
    for cell in notebook.cells:
        for token in cell.tokens:
            for link, text in _worded_links(token.children or []):
                doi = re.match(r"doi:\s*(\S+)", text, re.IGNORECASE)
                if doi and link != f"https://doi.org/{doi[1]}":
                    wrong = f"The link text is {doi[0]!r}, but it leads to {link!r}."
                    yield notebook.finding(cell, wrong, f"Link to https://doi.org/{doi[1]}.")


def addresses_of_data(notebook: Notebook) -> Iterator[Finding]:
    """The address of another dataset's server would give wrong numbers without an error."""
    for cell in notebook.cells:
        # The texts of a question may have links, as others do.
        if cell.type == "markdown" or cell.is_self_check:
            for address in _ADDRESS.findall(cell.source):
                if OF_A_DATA_SERVICE.search(address) and not address.startswith(DATA_SERVICES):
                    yield notebook.finding(
                        cell,
                        f"{address!r} is not an address of this dataset.",
                        "Use one of DATA_SERVICES in tools/lint_notebooks/conventions.py.",
                    )
        elif cell.number != INSTALL and (address := _ADDRESS.search(cell.source)):
            yield notebook.finding(
                cell,
                f"The code contains an address: {address[0]!r}.",
                "Load data by VERSION; addresses belong in the package.",
            )


def plain_markdown(notebook: Notebook) -> Iterator[Finding]:
    """Colab and GitHub show directives of Jupyter Book as raw code; formulas are heavy."""
    for cell in notebook.cells:
        if cell.type == "markdown" and _DIRECTIVE.search(cell.source):
            yield notebook.finding(
                cell, "A directive is shown as code outside the book.", "Use plain markdown."
            )
        if cell.type == "markdown" and "$$" in cell.source:
            # The first page would load it, too: Sphinx does not take back the script of a page.
            yield notebook.finding(
                cell,
                "A formula loads MathJax, which is larger than all else on the page.",
                "Write it as text: p = (k + 1) / (n + 1).",
            )


def folds_everywhere(notebook: Notebook) -> Iterator[Finding]:
    """Without the empty lines, some hosts do not render the markdown of an answer."""
    for cell in notebook.cells:
        if cell.type != "markdown" or "<details" not in cell.source:
            continue
        folded = re.findall(
            r"^<details>\n<summary>.+?</summary>\n\n(?!</details>).+?\n\n</details>$",
            cell.source,
            re.MULTILINE | re.DOTALL,
        )
        if len(folded) != cell.source.count("<details"):
            yield notebook.finding(
                cell,
                "A folded answer is not folded in all hosts.",
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

"""Phrases that read like a translation, and what to write instead.

The table covers the notebooks' markdown, and the other prose of the repository by
`tools.lint_notebooks.prose`. A pattern belongs here if hardly any correct sentence matches it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.lint_notebooks.check_rules import texts_of
from tools.lint_notebooks.notebook import Finding, Notebook


class Phrase(NamedTuple):
    """A pattern, case-insensitive, and the suggested wording."""

    pattern: re.Pattern[str]
    suggestion: str


class Match(NamedTuple):
    """A phrase in a text, and the line in which it begins, counted from 1."""

    line: int
    words: str
    suggestion: str


_PHRASES = {
    # Defaults
    r"(?<=[;:]\s)(?:[^\s.;:]+ ){0,9}without it": "Write 'default: ...' or 'if omitted, ...'.",
    r"what is free without": "Write 'default: half of the free memory'.",
    r"as many as there are": "Write 'one per ...'.",
    r"(?:one|once) an? (?:core|processor|CPU|page|side|submission|notebook|widget)": (
        "Write 'one per ...'."
    ),
    # Negation
    r"(?<!there\s)(?:is|are|was|were) no (?!longer\b|more\b|less\b|better\b|worse\b|different\b"
    r"|doubt\b|\w+er\b)[a-z]+": "Write 'is not a ...'.",
    r"(?:is|are|was|were) none (?:that|of (?:ours|its own|this|the package))": (
        "Write 'is not one of ...'."
    ),
    r"is nobody(?!'s)": "Write what it is: 'root id 0 means no segment'.",
    # People and things that are told and said
    r"(?:is|are|be|been|was|were) told(?! apart| from)": (
        "Write 'is notified', 'is reported' or 'sees a message'."
    ),
    r"(?:is|are|was|were) (?:not )?said": "Write 'is stated', 'is reported' or 'is announced'.",
    r"say `(?:make|microns|python|pip)": "Write 'run `...`'.",
    r"a word on": "Write 'a message about'.",
    r"may say of": "Write 'can represent'.",
    r"what one (?:asks|does|sees|wants|has|chooses|knows)": "Write 'you', or name the thing.",
    r"(?:only|for) who (?:has|have|needs?|uses?|wants?|grades?|asks?|listens?|acts?)": (
        "Write 'for anyone who', or 'needed only for ...'."
    ),
    r"who may come in": "Write 'who has access'.",
    # Verbs
    r"mend(?:s|ed|ing)?": "Write 'fix'.",
    r"anew": "Write 'again' or 'from scratch'.",
    r"be had": "Write 'is available'.",
    r"kept in by": "Write 'Sandbox: ...'.",
    r"go(?:es)? on (?:where|from)|gone on": "Write 'continues' or 'resumes'.",
    r"at rests": "Write 'once the pointer pauses'.",
    r"stands? (?:twice|there)": "Write 'occurs twice' or 'is there'.",
    r"stands? in(?!\.| for| the way| the middle| line)": "Write 'is in' or 'is listed in'.",
    r"comes? to (?:one|equal|the same) (?:answer|result)s?": "Write 'give the same result'.",
    r"how far (?:it|the (?:work|download|build)|he|this) (?:is|are)(?! from| to| away| along)": (
        "Write 'progress'."
    ),
    # The field's terms, and plain nouns
    r"(?:giver|taker)s?": "Write 'presynaptic cell' or 'postsynaptic cell'.",
    r"strangers?'s? (?:programs?|code|notebooks?|submissions?)": "Write 'untrusted code'.",
    r"the house": "Write 'architecture'.",
    r"the way of (?:the|a|an)": "Write 'data flow', or name the process.",
    r"fields? of (?:the|a) matrix|bytes a field": "Write 'entry'.",
    r"last-but-one": "Write 'one past the end'.",
    r"last by name": "Write the rule: 'the newest submission'.",
    r"are in all(?=[.,;:]|$)": "Write 'in total'.",
    r"those there are|what there is(?! to)": "Write 'the available ones'.",
    r"(?<!not\s)so many (?:rows|bytes|seconds|cells|synapses|buckets|pieces|vertices|minutes|points"
    r"|parts|partners|root ids)(?! that)": "Write 'this many', or name the number.",
}
# A phrase may continue on the next line, after the mark of a comment.
_GAP = r"(?:\s|\n\s*(?:#|//|\*|>)\s?)+"


def _compiled(words: str) -> re.Pattern[str]:
    pattern = words.replace(" ", _GAP)
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


PHRASES = tuple(Phrase(_compiled(words), todo) for words, todo in _PHRASES.items())


def matches(text: str) -> Iterator[Match]:
    """Yield the phrases of the table that a text contains."""
    for phrase in PHRASES:
        for match in phrase.pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Match(line, " ".join(match[0].split()), phrase.suggestion)


def plain_words(notebook: Notebook) -> Iterator[Finding]:
    for cell in notebook.cells:
        texts = [cell.source if cell.type == "markdown" else "", cell.alt or ""]
        texts += texts_of(cell)
        for match in matches("\n\n".join(texts)):
            yield notebook.finding(cell, f"Odd wording: {match.words!r}.", match.suggestion)


RULES = (plain_words,)

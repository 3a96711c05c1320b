"""A `SelfCheck` where no widget runs: the question, its options, and the folded answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.widgets._light_markdown import as_html, paragraphs

if TYPE_CHECKING:
    from microns_widgets.widgets.self_check import SelfCheck

#: Class of the text, which is hidden while the widget is on the page.
CHECK_TEXT = "mw-check-text"
# As above a picture (_display.py): an error, or a view that will never be filled.
_AREA = ".jp-OutputArea-child"
_STYLE = f"{_AREA}:has(+ {_AREA} .{CHECK_TEXT}):not(:has(.mw-alive)){{display:none}}"


def right_answer(check: SelfCheck) -> str:
    """Return the right answer as light markdown."""
    if check.number is None:
        return " and ".join(f"“{one['text']}”" for one in check.options if one["right"])
    return f"{_digits(check.number['value'])} {check.number['unit']}".strip()


def check_as_html(check: SelfCheck) -> str:
    """Return question and folded answer as HTML."""
    options = "".join(f"<li>{as_html(one['text'])}</li>" for one in check.options)
    listed = f"<ul>{options}</ul>" if options else ""
    lines = [f"<b>{as_html(right_answer(check))}</b>", *map(as_html, paragraphs(check.because))]
    lines += [f"Not {as_html(wrong)}: {as_html(tells)}" for wrong, tells in _wrong(check)]
    answer = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<div class="{CHECK_TEXT}"><style>{_STYLE}</style>'
        f"<p><b>Check yourself.</b> {as_html(check.question)}</p>{listed}"
        f"<details><summary>Answer</summary>{answer}</details></div>"
    )


def check_as_text(check: SelfCheck) -> str:
    """Return the question as text, without its answer."""
    return "\n".join(
        [f"Check yourself. {check.question}", *(f"- {one['text']}" for one in check.options)]
    )


def _wrong(check: SelfCheck) -> list[tuple[str, str]]:
    """Return the wrong answers, and what each tells."""
    if check.number is not None:
        return [(_digits(number), tells) for number, tells in check.number["wrong"]]
    return [(f"“{one['text']}”", one["tells"]) for one in check.options if not one["right"]]


def _digits(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.6g}"

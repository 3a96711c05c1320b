"""A question that readers answer for themselves, judged on the page without Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import traitlets

from microns_widgets._arguments import checks_methods
from microns_widgets.errors import InvalidArgument, quoted
from microns_widgets.widgets._base import MicronsWidget
from microns_widgets.widgets._check_answers import (
    NumberAnswer,
    Option,
    number_answer,
    options_in_order,
)
from microns_widgets.widgets._check_text import check_as_html, check_as_text

#: Where a browser keeps the answers, before the name of the chapter.
CHECKS_KEPT = "microns-widgets/checks/"
#: Event of the page when an answer is kept or forgotten.
CHECKS_CHANGED = "microns-checks"
#: Under which an answer is kept: the chapter's file without its ending, and the question.
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*/[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


@checks_methods
class SelfCheck(MicronsWidget):
    """Ask a question that readers answer for themselves: a choice, several choices, or a number.

    The answer is judged at once, on the page: in a notebook, on the course's site and on an
    exported page. A wrong answer tells the reader something, and after a first try the right one
    can be shown. Readers test themselves: page and notebook contain the right answer, and nothing
    is sent anywhere.

    Parameters
    ----------
    question : str
        The question. Like all texts here it may contain code in backticks, ``*emphasis*``,
        ``**strong**`` and links, ``[words](https://...)``.
    right : str, sequence of str, or float
        The right answer: an option; a list of options, if readers are to choose all that are
        right; or a number. Readers may type a number as 0.5, 1/2, 50 % or 1,000.
    wrong : mapping, optional
        Each wrong option, or typical wrong number, and what it tells the reader.
    because : str, optional
        Why the right answer is right.
    within : float, optional
        How far off a number may be. Default: 0 for a whole number, 1 % of any other.
    unit : str, optional
        Unit of the number, which is shown after the field. A share has the unit ``"%"`` or none.
    order : sequence of str, optional
        All options in the order in which they are shown. Default: an order that depends on the
        question, and is always the same.
    name : str, optional
        Chapter and question, such as ``"synapses/direction"``, under which the reader's browser
        keeps the answer; each question needs its own. If omitted, nothing is kept.

    Raises
    ------
    InvalidType
        If a text is not text, or the answer is neither text nor a number.
    InvalidArgument
        If a wrong option says nothing or is also right, if there is only one option, if a
        number is not finite, or if the name is not made of words.

    Examples
    --------
    >>> mw.SelfCheck(
    ...     "Is a connection a synapse?",
    ...     right="No",
    ...     wrong={"Yes": "Two cells with three synapses would be connected three times."},
    ...     because="A connection is a pair of cells, a synapse is one contact.",
    ... )
    <SelfCheck 'Is a connection a synapse?', 2 options>
    >>> mw.SelfCheck("How many pairs of different cells do 5 cells have?", 20, {25: "With itself?"})
    <SelfCheck 'How many pairs of different cells do 5 cells have?', a number>
    """

    _module = "self-check"
    _title = "Check yourself"

    question = traitlets.Unicode(read_only=True).tag(sync=True)
    """The question."""

    options: traitlets.List = traitlets.List(read_only=True).tag(sync=True)
    """The options in the order in which they are shown, as dicts: text, right, tells."""

    several = traitlets.Bool(read_only=True).tag(sync=True)
    """Whether readers can choose several options."""

    number = traitlets.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    """A number that is asked for, as a dict: value, within, unit, wrong. None for options."""

    because = traitlets.Unicode(read_only=True).tag(sync=True)
    """Why the right answer is right."""

    name = traitlets.Unicode(read_only=True).tag(sync=True)
    """Chapter and question, or ``""``."""

    def __init__(
        self,
        question: str,
        right: Any,
        wrong: Mapping[Any, str] | None = None,
        *,
        because: str = "",
        within: float | None = None,
        unit: str = "",
        order: Iterable[str] | None = None,
        name: str = "",
    ) -> None:
        if not question.strip():
            raise InvalidArgument("SelfCheck() was given an empty question. Write what is asked.")
        if name and not _NAME.fullmatch(name):
            raise InvalidArgument(
                f"name={quoted(name)} is not valid: expected the chapter and a word or two for the "
                "question, in small letters, such as 'synapses/direction'."
            )
        number: NumberAnswer | None = None
        options: list[Option] = []
        several = False
        if isinstance(right, str) or (isinstance(right, Iterable) and not hasattr(right, "dtype")):
            several = not isinstance(right, str)
            only_numbers = {"within": within is not None, "unit": bool(unit)}
            for argument, given in only_numbers.items():
                if given:
                    raise InvalidArgument(
                        f"{argument} is for numbers, but the right answer is {quoted(right)}. "
                        "Leave it out."
                    )
            options = options_in_order(question, right, wrong, order)
        else:
            if order is not None:
                raise InvalidArgument("order is for options, but a number is asked for.")
            number = number_answer(right, wrong, within, unit)
        super().__init__()
        for trait, value in {
            "question": question,
            "options": options,
            "several": several,
            "number": number,
            "because": because,
            "name": name,
        }.items():
            self.set_trait(trait, value)

    def __repr__(self) -> str:
        answer = "a number" if self.number else f"{len(self.options)} options"
        return f"<SelfCheck {quoted(self.question)[:80]}, {answer}>"

    def _outputs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        bundle = self._view_bundle()
        if bundle is not None:
            yield bundle if isinstance(bundle, tuple) else (bundle, {})
        # In place of a picture: what a page shows that has neither Python nor JavaScript.
        yield {"text/html": check_as_html(self), "text/plain": check_as_text(self)}, {}

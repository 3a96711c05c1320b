"""How tests are dealt out to processes that run them side by side, for pytest-xdist.

Tests of one unit run in one process, one after another, so that they share what a module's fixtures
have set up. A file is a unit, but its tests in one notebook host are a unit of their own, and a
test that shares nothing with its neighbours is one by itself. The longest units come first, so that
no process is left alone with one in the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_HOST = re.compile(r"\[.*?\b(jupyterlab|notebook-7|colab-versions)\b.*\]$")
# Their tests share nothing, or nothing but what is made once for all processes.
_ALONE = re.compile(
    r"tests/(browser/test_(course_widgets|site_pages|saved_widgets|mover)|notebooks/test_course"
    r"|grading/test_grade|unit/test_scale_limits)\.py"
)
# What their tests share is of a function's cases only.
_BY_FUNCTION = re.compile(r"tests/grading/test_attacks\.py")
# Measured: these take the longest, then come those of the same folder, and so on. The site's pages
# stand apart, since all of them wait for the site to be built.
_FIRST = (
    "tests/browser/test_site_widgets.py",
    "tests/browser/test_course_widgets.py",
    "tests/notebooks/test_course.py",
    "tests/browser/",
    "tests/notebooks/",
    "tests/grading/",
    "tests/cave/",
    "tests/unit/test_scale",
)


def unit_of(test: str) -> str:
    """Return the name of the unit that a test belongs to, by its id."""
    file = test.partition("::")[0]
    if _ALONE.match(file):
        return test
    if _BY_FUNCTION.match(file):
        return test.partition("[")[0]
    host = _HOST.search(test)
    return f"{file}[{host[1]}]" if host else file


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return tests in the order in which their units should begin."""

    def place(item: pytest.Item) -> int:
        ranks = (i for i, first in enumerate(_FIRST) if item.nodeid.startswith(first))
        return next(ranks, len(_FIRST))

    return sorted(items, key=place)


class UnitScheduling(LoadScopeScheduling):
    """Deals out whole units in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        # By default xdist takes the units with the most tests first, not the longest.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

"""Whether one version of a question, or one variant of the cells, was harder than the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from microns_widgets.grading.analysis.analysis import RARE, Comparison, Group

#: Draws of the test.
_DRAWS = 9_999
#: Fewest students per version, on average.
_FEWEST = 4


def compared(
    by: Literal["version", "variant"], groups: Sequence[tuple[str, Sequence[tuple[bool, float]]]]
) -> Comparison:
    """Compare the shares of right answers between groups of students.

    Parameters
    ----------
    by : str
        What the groups are: ``"version"`` or ``"variant"``.
    groups : sequence of (str, sequence of (bool, float))
        Name of each, and for each student whether the question is right and the share of points.
    """
    listed = tuple(
        Group(
            name,
            len(results),
            sum(right for right, _ in results),
            sum(share for _, share in results) / len(results) if results else None,
        )
        for name, results in groups
    )
    p = chance([one.n for one in listed], [one.right for one in listed])
    return Comparison(by, listed, p, _words(by, listed, p))


def chance(sizes: Sequence[int], right: Sequence[int]) -> float | None:
    """Return how often groups would differ at least so much if they were equally hard.

    It is a permutation test (Fisher's exact test, by random draws with a fixed seed): the same
    right answers are dealt to the students at random. None if there are too few students.
    """
    n, hits = np.array(sizes), np.array(right)
    if len(n) < 2 or n.sum() < _FEWEST * len(n) or n.min() == 0:
        return None
    total = int(hits.sum())
    if total in (0, int(n.sum())):
        return 1.0
    expected = n * total / n.sum()
    rng = np.random.default_rng(0)
    draws = rng.multivariate_hypergeometric(n, total, size=_DRAWS)
    spread = ((draws - expected) ** 2 / n).sum(axis=1)
    as_large = int((spread >= ((hits - expected) ** 2 / n).sum() - 1e-9).sum())
    return (1 + as_large) / (1 + _DRAWS)


def _words(by: str, groups: Sequence[Group], p: float | None) -> str:
    if p is None:
        return f"Too few students to compare the {by}s."
    if p >= RARE:
        return (
            f"No sign that one {by} was harder: chance alone gives differences as large as these "
            f"in {100 * p:.0f} % of classes."
        )
    hardest = min(groups, key=lambda one: (one.right / one.n, one.name))
    easiest = max(groups, key=lambda one: (one.right / one.n, one.name))
    often = f"{100 * p:.1f} %" if p >= 0.001 else "fewer than 0.1 %"
    return (
        f"Not equally hard: {_share(hardest)} students with {by} {hardest.name} got all points, "
        f"and {_share(easiest)} with {by} {easiest.name}. Chance alone gives such differences in "
        f"{often} of classes."
    )


def _share(group: Group) -> str:
    return f"{group.right} of {group.n}"

"""An attack, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from grading.attacks.world import SECRET, World

from microns_widgets.grading.run.notebook_run import NotebookRun


@dataclass
class Outcome:
    """What a grader was left with after a submission."""

    marks: dict[str, bool] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    traces: set[str] = field(default_factory=set)
    ended: bool = True
    printed: int = 0
    run: NotebookRun | None = None


Harm = Callable[[Outcome], bool]


@dataclass(frozen=True)
class Attack:
    """The second of three cells; the first and the third are honest work.

    Parameters
    ----------
    name : str
        What it does, in words.
    source : callable
        World to the cell's source.
    harm : callable
        Outcome to whether the attack came through.
    honest : tuple of str
        The questions that are answered honestly in spite of it.
    settle : float
        How long it goes on after the notebook has ended, in seconds.
    """

    name: str
    source: Callable[[World], str]
    harm: Harm
    honest: tuple[str, ...] = ("q1", "q3")
    settle: float = 0.0

    def cells(self, world: World) -> list[str]:
        """Give the notebook's code cells."""
        return ["a1 = 1", self.source(world), "a3 = 3"]


ATTACKS: list[Attack] = []


def attack(
    name: str, harm: Harm, *, honest: tuple[str, ...] = ("q1", "q3"), settle: float = 0.0
) -> Callable[[Callable[[World], str]], Callable[[World], str]]:
    """Add an attack to the list."""

    def add(source: Callable[[World], str]) -> Callable[[World], str]:
        ATTACKS.append(Attack(name, source, harm, honest, settle))
        return source

    return add


def stole(outcome: Outcome) -> bool:
    """The secret became the answer."""
    return outcome.answers.get("a2") == SECRET


def forged(outcome: Outcome) -> bool:
    """The question counts as right."""
    return bool(outcome.marks.get("q2"))


def traced(outcome: Outcome) -> bool:
    """Something outside was touched."""
    return bool(outcome.traces)


def hung(outcome: Outcome) -> bool:
    """The grader waited for ever."""
    return not outcome.ended


def got(least: float) -> Harm:
    """So much was taken, by the attack's own count."""

    def harm(outcome: Outcome) -> bool:
        taken = outcome.answers.get("a2")
        return isinstance(taken, int | float) and taken >= least

    return harm

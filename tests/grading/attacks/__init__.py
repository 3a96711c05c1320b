"""Notebooks that attack the grader; each is bounded in itself."""

from grading.attacks import lying, reaching, stealing, taking
from grading.attacks.attack import ATTACKS, Attack, Outcome

__all__ = ["ATTACKS", "Attack", "Outcome", "lying", "reaching", "stealing", "taking"]

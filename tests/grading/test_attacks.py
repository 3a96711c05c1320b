"""Submissions that attack the grader get the marks of their honest part, and leave no trace."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from grading.attacks import ATTACKS, Attack
from grading.attacks.graders import naively, sandboxed
from grading.attacks.world import KEY, world

from microns_widgets.grading.sandbox.interpreter import Interpreter

every_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@every_attack
def test_an_attack_comes_through_where_nothing_keeps_it_in(attack: Attack, tmp_path: Path) -> None:
    if "namespace" in attack.name and subprocess.run(["unshare", "-U", "true"]).returncode:
        pytest.skip("this machine forbids it by itself")
    with world(tmp_path / "world") as around:
        outcome = naively(attack, around, tmp_path / "naive")
        assert attack.harm(outcome), outcome


@every_attack
@pytest.mark.usefixtures("with_bubblewrap")
def test_in_bubblewrap_an_attack_gets_the_marks_of_its_honest_part(
    attack: Attack, tmp_path: Path
) -> None:
    with world(tmp_path / "world") as around:
        run, outcome = sandboxed(attack, around, "bubblewrap")
        assert not attack.harm(outcome), (run, outcome)
        assert outcome.marks == {name: name in attack.honest for name in KEY}, run
        assert not outcome.traces


@every_attack
def test_as_a_separate_user_an_attack_gets_the_marks_of_its_honest_part(
    attack: Attack, tmp_path: Path, with_separate_user: Interpreter
) -> None:
    with world(tmp_path / "world") as around:
        run, outcome = sandboxed(attack, around, "user", with_separate_user)
        assert not attack.harm(outcome), (run, outcome)
        assert outcome.marks == {name: name in attack.honest for name in KEY}, run
        assert not outcome.traces


def test_there_are_at_least_25_attacks() -> None:
    assert len({attack.name for attack in ATTACKS}) >= 25

"""Submissions that attack the grader get the marks of their honest part, and leave no trace."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from grading.attacks import ATTACKS, Attack, Outcome
from grading.attacks.graders import naively, sandboxed
from grading.attacks.world import KEY, world
from long_cases import every_third

from microns_widgets.grading.sandbox.interpreter import Interpreter

pytestmark = pytest.mark.slow

every_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
# Most grading machines have bubblewrap: `make test` tries all attacks only in that sandbox.
some_attacks = pytest.mark.parametrize(
    "attack", every_third(ATTACKS), ids=lambda attack: attack.name
)

Way = Callable[[Attack, Path], Outcome]


class _Pool:
    """Most attacks wait for something: those that are asked for run side by side."""

    def __init__(self, threads: int, folder: Path, way: Way, names: set[str]) -> None:
        self._threads = ThreadPoolExecutor(threads)
        self._outcomes: dict[str, Future[Outcome]] = {
            attack.name: self._threads.submit(way, attack, folder / str(number))
            for number, attack in enumerate(ATTACKS)
            if any(f"[{attack.name}]" in name for name in names)
        }

    def outcome(self, attack: Attack) -> Outcome:
        return self._outcomes[attack.name].result()

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)


def _pool(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    threads: int,
    way: Way,
) -> Iterator[_Pool]:
    # A fixture of this module is asked for by the first test of its kind.
    kind = request.fixturename
    names = {item.name for item in request.session.items if kind in item.fixturenames}
    pool = _Pool(threads, tmp_path_factory.mktemp(kind), way, names)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def unguarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[_Pool]:
    def way(attack: Attack, folder: Path) -> Outcome:
        folder.mkdir()
        with world(folder / "world") as around:
            return naively(attack, around, folder / "naive")

    yield from _pool(request, tmp_path_factory, 4, way)


@pytest.fixture(scope="module")
def bubblewrapped(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    with_bubblewrap: None,
) -> Iterator[_Pool]:
    def way(attack: Attack, folder: Path) -> Outcome:
        folder.mkdir()
        with world(folder / "world") as around:
            return sandboxed(attack, around, "bubblewrap")

    yield from _pool(request, tmp_path_factory, 3, way)


@pytest.fixture(scope="module")
def as_separate_user(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    with_separate_user: Interpreter,
) -> Iterator[_Pool]:
    def way(attack: Attack, folder: Path) -> Outcome:
        folder.mkdir()
        with world(folder / "world") as around:
            return sandboxed(attack, around, "user", with_separate_user)

    yield from _pool(request, tmp_path_factory, 3, way)


@pytest.mark.long
@every_attack
def test_an_attack_comes_through_where_nothing_keeps_it_in(
    attack: Attack, unguarded: _Pool
) -> None:
    if "namespace" in attack.name and subprocess.run(["unshare", "-U", "true"]).returncode:
        pytest.skip("this machine forbids it by itself")
    outcome = unguarded.outcome(attack)
    assert attack.harm(outcome), outcome


@every_attack
def test_in_bubblewrap_an_attack_gets_the_marks_of_its_honest_part(
    attack: Attack, bubblewrapped: _Pool
) -> None:
    _harmless(attack, bubblewrapped.outcome(attack))


@some_attacks
def test_as_a_separate_user_an_attack_gets_the_marks_of_its_honest_part(
    attack: Attack, as_separate_user: _Pool
) -> None:
    _harmless(attack, as_separate_user.outcome(attack))


def _harmless(attack: Attack, outcome: Outcome) -> None:
    assert not attack.harm(outcome), outcome
    assert outcome.marks == {name: name in attack.honest for name in KEY}, outcome
    assert not outcome.traces


def test_there_are_at_least_25_attacks() -> None:
    assert len({attack.name for attack in ATTACKS}) >= 25

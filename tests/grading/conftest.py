"""The ways of keeping submissions in that this machine has, and Pythons for them."""

from __future__ import annotations

import dataclasses
import os
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from grading.grading_course import Course
from once_per_run import OncePerRun

from microns_widgets.grading.authoring.key_store import key_for
from microns_widgets.grading.exercise.exercise import read_exercise
from microns_widgets.grading.sandbox import bubblewrap, separate_user
from microns_widgets.grading.sandbox.interpreter import Interpreter

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def cache_with_key(once_per_run: OncePerRun) -> Callable[[str, int], Path]:
    """Return a function that gives a cache folder with the key of an exercise's variant in it.

    To make a key the master runs with all its wrong answers: once is enough for all tests.
    """

    def folder(name: str, variant: int) -> Path:
        exercise = read_exercise(ROOT / "exercises" / f"{name}.json")

        def make(cache: Path) -> None:
            master = ROOT / "solutions" / f"{name}.ipynb"
            key_for(master, variant, exercise=exercise, cache=cache / "keys")

        return once_per_run.folder(f"key-{name}-{variant}", make)

    return folder


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of one small exercise, for which notebooks can be handed in."""
    return Course(tmp_path)


@pytest.fixture(scope="session")
def with_bubblewrap() -> None:
    """Skip, with the reason, where bubblewrap does not work; `make test` installs it."""
    why = bubblewrap.obstacle()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def open_interpreter() -> Interpreter:
    """A Python that every user can read: this one, or the system's with this one's packages."""
    own = Interpreter.own()
    if own.unreachable_path() is None:
        return own
    system = Path("/usr/bin") / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not system.exists():
        pytest.skip(f"{own.unreachable_path()} is private, and there is no {system}")
    # Distributions differ in where they keep what pip installs; only ours is wanted.
    found = dataclasses.replace(own, executable=system.resolve(), prefix=Path("/usr"))
    packages = [p for p in found.packages if p.is_relative_to(sysconfig.get_path("purelib"))]
    found = dataclasses.replace(found, packages=tuple(packages))
    if found.unreachable_path() is not None:
        pytest.skip(f"other users cannot read {found.unreachable_path()}")
    return found


@pytest.fixture(scope="session")
def with_separate_user(open_interpreter: Interpreter) -> Interpreter:
    """Skip, with the reason, where a run cannot be a user of its own."""
    if os.geteuid() != 0:
        pytest.skip("a separate user needs root")
    why = separate_user.obstacle(open_interpreter)
    if why:
        pytest.skip(why)
    return open_interpreter

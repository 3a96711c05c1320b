"""No sandbox at all: for masters, which are trusted, and for teachers who insist.

The run is a separate process with limits on resources. It can read and write whatever the
person who started it can.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from microns_widgets.grading.sandbox.base import (
    Requirements,
    Sandbox,
    lockdown_orders,
    scratch_folder,
)
from microns_widgets.grading.sandbox.interpreter import environment


@contextmanager
def sandbox(requirements: Requirements) -> Iterator[Sandbox]:
    """Prepare a folder for one run."""
    with scratch_folder() as home:
        yield Sandbox(
            command=requirements.interpreter.command,
            environment=environment(home, requirements.variables),
            lockdown=lockdown_orders(seccomp=False),
            home=home,
            scratch=home,
        )

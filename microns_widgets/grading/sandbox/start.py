"""The first code that runs inside: it gives up all rights that it can, then runs the job.

Imports here run with all rights that the sandbox still has, so there are few.
"""

from __future__ import annotations

import json
import sys

from microns_widgets.grading.sandbox.lockdown import lock_down


def main() -> None:
    """Read a job from the standard input and run it."""
    job = json.loads(sys.stdin.buffer.read())
    lock_down(job["lockdown"], job["limits"])
    # ipykernel imports it if it can, which takes a twentieth of a second, and nobody debugs here.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    from microns_widgets.grading.sandbox.driver import run_job

    run_job(job)

"""The first thing that runs inside: give up all that can be given up, then do the job.

What is imported here is imported with all rights of the room; so that is little.
"""

from __future__ import annotations

import json
import sys

from microns_widgets.grading.sandbox.lockdown import lock_down


def main() -> None:
    """Do the job that stands on the standard input."""
    job = json.loads(sys.stdin.buffer.read())
    lock_down(job["lockdown"], job["limits"])
    from microns_widgets.grading.sandbox.driver import work

    work(job)

"""What the analysis of a class says, for the teacher's page."""

from __future__ import annotations

from typing import Any

from microns_widgets.grading.review.session import Session


def analysis(session: Session) -> dict[str, Any]:
    """Return what the page shows of the analysis; empty if there is none."""
    return {}

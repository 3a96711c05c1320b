"""Where benchmarks save their numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")


def save(name: str, content: Any, folder: Path = RESULTS) -> Path:
    """Write numbers as JSON to a new file, whose name has the time and `name`; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{name}.json"
    path.write_text(json.dumps(content, indent=1))
    return path

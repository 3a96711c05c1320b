"""Start the local server: ``python -m tests.cave [port]``.

It serves the real basket cell with its own tables where ``MICRONS_REAL_DATA`` names their
folder, and the sample otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.cave.auth import GOOD, NO_PERMISSION, NO_TERMS
from tests.cave.server import CaveServer
from tests.cave.world import real_world, sample_world

real = os.environ.get("MICRONS_REAL_DATA")
world, content = (
    (real_world(Path(real)), "one real basket cell") if real else (sample_world(), "the sample")
)
with CaveServer(world, int(sys.argv[1]) if len(sys.argv) > 1 else 8765) as server:
    print(f"A local CAVE with {content} is at {server.url}; stop it with Ctrl-C.")
    print(f"Tokens: {GOOD} works; {NO_TERMS} has not accepted the terms; {NO_PERMISSION} may not.")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print("Stopped.")

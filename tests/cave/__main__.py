"""Start the local server with the sample: ``python -m tests.cave [port]``."""

from __future__ import annotations

import sys
import time

from tests.cave.auth import GOOD, NO_PERMISSION, NO_TERMS
from tests.cave.server import CaveServer
from tests.cave.world import sample_world

with CaveServer(sample_world(), int(sys.argv[1]) if len(sys.argv) > 1 else 8765) as server:
    print(f"A local CAVE with the synthetic sample is at {server.url}; stop it with Ctrl-C.")
    print(f"Tokens: {GOOD} works; {NO_TERMS} has not accepted the terms; {NO_PERMISSION} may not.")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print("Stopped.")

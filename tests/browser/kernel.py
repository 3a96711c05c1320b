"""The kernel behind an open notebook, reached beside the browser."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient


class KernelError(AssertionError):
    """Code in the kernel raised; the message is its traceback."""


class Kernel:
    """Runs code in the kernel that a notebook's page is connected to."""

    def __init__(self, connection_file: Path) -> None:
        self.connection_file = connection_file
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def run(self, code: str, timeout: float = 60) -> str:
        """Run code after what the kernel is doing now, and return what it printed."""
        printed: list[str] = []

        def keep(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self._client.execute_interactive(
            code, timeout=timeout, output_hook=keep, allow_stdin=False, store_history=False
        )
        if reply["content"]["status"] != "ok":
            raise KernelError(
                "\n".join(reply["content"].get("traceback", ["The code was aborted."]))
            )
        return "".join(printed)

    def value(self, expression: str, timeout: float = 60) -> Any:
        """Return what an expression gives, through JSON."""
        code = f"import json as _json; print(_json.dumps({expression}))"
        return json.loads(self.run(code, timeout))

    def expect(self, expression: str, expected: object, timeout: float = 30) -> None:
        """Wait until an expression has a value: a page sends its changes one after another."""
        deadline = time.monotonic() + timeout
        while (value := self.value(expression)) != expected and time.monotonic() < deadline:
            time.sleep(0.05)
        assert value == expected, (value, expected)

    def close(self) -> None:
        self._client.stop_channels()

"""What a kernel says that no cell has asked for: errors of callbacks above all.

A widget's callback that raises stops nothing: ipywidgets prints a traceback as an answer to the
page's message, ipykernel logs it, and JupyterLab shows neither in the notebook. All of it goes
over the kernel's broadcast channel, or into the server's log.
"""

from __future__ import annotations

import re
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking import BlockingKernelClient

_COLORS = re.compile(r"\x1b\[[\d;]*m")
_LOGGED = re.compile(r"Traceback|Exception|\bERROR\b")


class Listener:
    """Hears a kernel from now on.

    Parameters
    ----------
    connection_file : Path
        The kernel's.
    log : Path
        What the server and its kernels have printed.

    Attributes
    ----------
    faults : list of str
        Errors heard, each as a text, as a rule a traceback.
    changed : list of str
        Names of synced traits that pages have changed.
    """

    def __init__(self, connection_file: Path, log: Path) -> None:
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels(shell=False, stdin=False, hb=False, control=False)
        self._log = log
        self._read = log.stat().st_size
        self.faults: list[str] = []
        self.changed: list[str] = []

    def listen(self) -> None:
        """Take in what has been said since the last time."""
        for message in self._messages():
            data = message["content"].get("data", {})
            # ipywidgets gives back what a page has set, for other pages of the same kernel.
            if message["msg_type"] == "comm_msg" and data.get("method") == "echo_update":
                self.changed += data["state"]
            elif fault := _fault(message):
                self.faults.append(_COLORS.sub("", fault))
        with self._log.open("rb") as file:
            file.seek(self._read)
            added = file.read()
        self._read += len(added)
        if _LOGGED.search(text := added.decode(errors="replace")):
            self.faults.append(text)

    def close(self) -> None:
        self._client.stop_channels()

    def _messages(self) -> list[dict[str, Any]]:
        messages = []
        while True:
            try:
                messages.append(self._client.get_iopub_msg(timeout=0))
            except Empty:
                return messages


def _fault(message: dict[str, Any]) -> str:
    kind, content = message["msg_type"], message["content"]
    if kind == "error":
        return "\n".join(content["traceback"])
    # A cell's own stream has bars that move; what a callback prints there is trouble.
    of_a_cell = message["parent_header"].get("msg_type") == "execute_request"
    if kind == "stream" and content["name"] == "stderr" and not of_a_cell:
        return str(content["text"])
    if kind == "comm_msg":
        # A question of the page that Python answered by an error.
        answer = content["data"].get("content")
        if isinstance(answer, dict) and answer.get("error"):
            return f"{answer['error']['type']}: {answer['error']['message']}"
    return ""

"""Runs the process of a sandbox and ends it if it exceeds a limit."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import IO, Any, Literal

from microns_widgets.grading.limits import Limits
from microns_widgets.grading.sandbox import processes
from microns_widgets.grading.sandbox.base import Sandbox
from microns_widgets.grading.sandbox.records import Records
from microns_widgets.grading.untrusted_text import plain

#: How a run ended: ``whole``, the limit that it exceeded, or ``broken`` if it ended itself.
End = Literal["whole", "time", "memory", "disk", "output", "broken"]

_TICK = 0.05
#: Seconds between measurements of the disk, which cost more than those of processes.
_DISK_TICK = 0.5
#: Seconds that the process inside may be silent beyond a cell's limit: its own alarm comes first.
_GRACE = 3.0
#: A busy machine may take long to start a Python; no cell runs before that.
_START = 60.0
_FILES = 20_000
_BLOCK = 1 << 16


def watch(sandbox: Sandbox, job: Mapping[str, Any], limits: Limits, records: Records) -> End:
    """Start the process, read its output into `records`, and return how it ended.

    Records are read as they come, so that whatever came before an early end counts.
    """
    with _as_input(job) as source, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            sandbox.command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=sandbox.environment,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            end = _Watch(sandbox, limits, process.pid, process.stdout, records).run()
        finally:
            processes.end(process.pid, sandbox.uid)
            process.wait()
            process.stdout.close()
            _wait_for_end(process.pid, sandbox.uid)
        if end == "broken" and not any(step.started for step in records.results):
            # The sandbox itself failed; nothing of a submission has run yet.
            errors.seek(0)
            raise SandboxBroken(plain(errors.read(4096).decode(errors="replace")[-500:]))
        return end


class SandboxBroken(Exception):
    """The process inside did not reach its first step; the message is its error output."""


class _Watch:
    def __init__(
        self, sandbox: Sandbox, limits: Limits, pid: int, out: IO[bytes], records: Records
    ) -> None:
        self._sandbox, self._limits, self._pid, self._records = sandbox, limits, pid, records
        self._out = out
        self._bytes = 0
        self._rest = bytearray()
        self._last_output = self._last_disk_check = time.monotonic()

    def run(self) -> End:
        os.set_blocking(self._out.fileno(), False)
        latest = time.monotonic() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            last_check = 0.0
            while True:
                if selector.select(_TICK) and (end := self._read()):
                    return end
                now = time.monotonic()
                silence = self._limits.cell_seconds if self._bytes else _START
                if now > latest or now - self._last_output > silence + _GRACE:
                    return "time"
                # Many short lines must neither prevent these checks nor cause one each.
                if now - last_check >= _TICK:
                    last_check = now
                    if end := self._exceeded_limit(now):
                        return end

    def _read(self) -> End | None:
        block = self._out.read(_BLOCK)
        if block is None:
            return None
        if not block:
            return "whole" if self._records.whole else "broken"
        self._last_output = time.monotonic()
        self._bytes += len(block)
        self._rest += block
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._records.read_line(bytes(line))
            if self._records.whole:
                return "whole"
        if self._bytes > self._limits.output_bytes:
            return "output"
        # A record contains one answer and a little more.
        return "output" if len(self._rest) > self._limits.question_bytes + 10_000 else None

    def _exceeded_limit(self, now: float) -> End | None:
        pids = processes.members(self._pid, self._sandbox.uid)
        if processes.memory(pids, self._limits.memory) > self._limits.memory:
            return "memory"
        if now - self._last_disk_check < _DISK_TICK:
            return None
        self._last_disk_check = now
        if (scratch := self._sandbox.scratch) is not None:
            return "disk" if processes.folder_bytes(scratch) > self._limits.disk else None
        return "disk" if processes.files_in_memory(pids) > _FILES else None


@contextlib.contextmanager
def _as_input(job: Mapping[str, Any]) -> Any:
    """Write the job to a file that is open for reading only and no longer has a name."""
    descriptor, name = tempfile.mkstemp(prefix="microns-job-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(job, file)
        with open(name, "rb") as source:
            os.unlink(name)
            yield source
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _wait_for_end(pid: int, uid: int | None) -> None:
    """Wait until all processes are gone: gigabytes of memory take a moment to free."""
    latest = time.monotonic() + 10
    while time.monotonic() < latest and set(processes.members(pid, uid)) - {pid}:
        time.sleep(0.01)

"""Runs a room's process and ends it when it oversteps a limit."""

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
from microns_widgets.grading.sandbox.base import Room
from microns_widgets.grading.sandbox.records import Records, plain

Ended = Literal["whole", "time", "memory", "disk", "output", "broken"]

_TICK = 0.05
#: Looking at the disk costs more than looking at processes.
_DISK_TICK = 0.5
#: How long the process inside may be silent beyond a cell's own limit: its own alarm goes first.
_GRACE = 3.0
#: A busy machine may take long to start a Python; no cell runs before that.
_START = 60.0
_FILES = 20_000
_BLOCK = 1 << 16


def watch(room: Room, job: Mapping[str, Any], limits: Limits, records: Records) -> Ended:
    """Start the process, take its records, and say how it ended.

    `records` is filled as the lines come, so that what came before an end counts.
    """
    with _as_input(job) as source, tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            room.command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=words,
            env=room.environment,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            ended = _Watch(room, limits, process.pid, process.stdout, records).run()
        finally:
            processes.end(process.pid, room.uid)
            process.wait()
            process.stdout.close()
            _gone(process.pid, room.uid)
        if ended == "broken" and not any(step.started for step in records.results):
            # The room itself failed; nothing of a submission has run yet.
            words.seek(0)
            raise RoomBroken(plain(words.read(4096).decode(errors="replace")[-500:]))
        return ended


class RoomBroken(Exception):
    """The process inside did not come to its first step; the text is its last words."""


class _Watch:
    def __init__(
        self, room: Room, limits: Limits, pid: int, out: IO[bytes], records: Records
    ) -> None:
        self._room, self._limits, self._pid, self._records = room, limits, pid, records
        self._out = out
        self._bytes = 0
        self._rest = bytearray()
        self._heard = self._disk_seen = time.monotonic()

    def run(self) -> Ended:
        os.set_blocking(self._out.fileno(), False)
        latest = time.monotonic() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            looked = 0.0
            while True:
                if selector.select(_TICK) and (ended := self._read()):
                    return ended
                now = time.monotonic()
                silent = self._limits.cell_seconds if self._bytes else _START
                if now > latest or now - self._heard > silent + _GRACE:
                    return "time"
                # Many short lines must not keep us from looking, nor make us look at each.
                if now - looked >= _TICK:
                    looked = now
                    if ended := self._over(now):
                        return ended

    def _read(self) -> Ended | None:
        block = self._out.read(_BLOCK)
        if block is None:
            return None
        if not block:
            return "whole" if self._records.whole else "broken"
        self._heard = time.monotonic()
        self._bytes += len(block)
        self._rest += block
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._records.take(bytes(line))
            if self._records.whole:
                return "whole"
        if self._bytes > self._limits.output_bytes:
            return "output"
        # A record holds one answer and a little more.
        return "output" if len(self._rest) > self._limits.question_bytes + 10_000 else None

    def _over(self, now: float) -> Ended | None:
        pids = processes.members(self._pid, self._room.uid)
        if processes.memory(pids, self._limits.memory) > self._limits.memory:
            return "memory"
        if now - self._disk_seen < _DISK_TICK:
            return None
        self._disk_seen = now
        if self._room.scratch is not None:
            return (
                "disk" if processes.folder_bytes(self._room.scratch) > self._limits.disk else None
            )
        return "disk" if processes.files_in_memory(pids) > _FILES else None


@contextlib.contextmanager
def _as_input(job: Mapping[str, Any]) -> Any:
    """Give the job as a file that is open for reading alone and has no name any more."""
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


def _gone(pid: int, uid: int | None) -> None:
    """Wait until the kernel has ended all: a memory of gigabytes takes a moment to free."""
    latest = time.monotonic() + 10
    while time.monotonic() < latest and set(processes.members(pid, uid)) - {pid}:
        time.sleep(0.01)

"""Limits on the resources that one submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits for one submission; sizes in bytes, times in seconds.

    Parameters
    ----------
    seconds : float
        Wall time of the whole submission, including repeated runs that leave out a cell that hung.
    cell_seconds : float
        Wall time of one cell, or of capturing one question's answers.
    memory : int
        Memory of all its processes together.
    processes : int
        Number of processes and threads at the same time.
    disk : int
        Total size of what it writes, which is deleted afterwards.
    open_files : int
        Open files of one process.
    question_bytes : int
        One answer, as JSON.
    output_bytes : int
        Total output of the sandbox. What cells print is never part of it.
    notebook_bytes : int
        The notebook's file. A larger one is not read.
    cells : int
        Cells of the notebook. A notebook with more is not run.
    """

    seconds: float = 300.0
    cell_seconds: float = 60.0
    memory: int = 2048 * MIB
    processes: int = 64
    disk: int = 256 * MIB
    open_files: int = 256
    question_bytes: int = 4 * MIB
    output_bytes: int = 32 * MIB
    notebook_bytes: int = 20 * MIB
    cells: int = 1000

    def to_json(self) -> dict[str, float]:
        """Return the limits as plain JSON, for the process in the sandbox."""
        return asdict(self)

"""How much of the machine one submission may have."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits on one submission; sizes in bytes, times in seconds.

    Parameters
    ----------
    seconds : float
        Wall time of the whole submission, further tries without a cell that hung included.
    cell_seconds : float
        Wall time of one cell, or of taking one question's answers.
    memory : int
        Memory of all its processes together.
    processes : int
        Processes and threads at a time.
    disk : int
        What it may write in all; it is gone afterwards.
    open_files : int
        Open files of one process.
    question_bytes : int
        One answer, as JSON.
    output_bytes : int
        All that comes out of the sandbox. What cells print never does.
    notebook_bytes : int
        The notebook's file. A larger one is not read.
    cells : int
        Cells of the notebook. One with more is not run.
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
        """Give the limits as plain JSON, for the process inside."""
        return asdict(self)

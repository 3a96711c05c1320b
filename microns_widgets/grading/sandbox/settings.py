"""Settings of a run: which data, how much of the machine, in which sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from microns_widgets._files import expanded
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.sandbox.interpreter import Interpreter

#: How a notebook is isolated: see `microns_widgets.grading.sandbox.steps.choose_sandbox`.
SandboxKind = Literal["bubblewrap", "user", "unsafe"]


@dataclass(frozen=True)
class RunSettings:
    """How notebooks are run.

    Attributes
    ----------
    version : str
        ``MICRONS_VERSION`` inside: ``sample``, a materialization version, or a folder.
    data : path, optional
        A folder with data that is readable inside.
    limits : Limits
        What each notebook may use.
    sandbox : {'bubblewrap', 'user', 'unsafe'}
        How it is isolated.
    hidden : tuple of path
        Paths that must not be visible inside, wherever they are.
    interpreter : Interpreter, optional
        The Python that runs it. Default: the one that runs this.
    """

    version: str = "sample"
    data: Path | None = None
    limits: Limits = field(default_factory=Limits)
    sandbox: SandboxKind = "bubblewrap"
    hidden: tuple[Path, ...] = ()
    interpreter: Interpreter | None = None

    @classmethod
    def for_version(cls, version: str, **others: Any) -> RunSettings:
        """Return settings for a version; a folder of data is made readable inside."""
        folder = expanded(version).resolve()
        if folder.is_dir():
            return cls(str(folder), folder, **others)
        return cls(version, **others)

    def to_json(self) -> dict[str, Any]:
        """Return all that a result depends on as plain JSON.

        Hidden paths are left out: they depend on this machine, and make no difference to an
        honest notebook.
        """
        return {
            "version": self.version,
            "data": str(self.data or ""),
            "limits": self.limits.to_json(),
            "sandbox": self.sandbox,
            "interpreter": self.interpreter.command if self.interpreter else [],
        }

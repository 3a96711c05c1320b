"""The students' kernel, in this process: what runs in JupyterLab, VS Code and Colab runs here.

It is ipykernel's own, without a front end: nothing is displayed, and every request for keyboard
input gets an empty answer. Magics for windows and displays, extensions and installations do nothing
if they are missing on this machine; each of them is noted for a person to see.
"""

# ipykernel is only partly typed.
# mypy: allow-untyped-calls
from __future__ import annotations

import bdb
import builtins
import getpass
import importlib.abc
import importlib.machinery
import importlib.util
import pdb
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.inprocess.ipkernel import InProcessInteractiveShell, InProcessKernel
from IPython.core.error import UsageError
from IPython.utils.text import SList
from traitlets.config import Config

from microns_widgets.grading.sandbox import colab

#: Called with the kind of a note and what it is about.
Note = Callable[[str, str], None]

#: Backends of matplotlib that draw into memory or files; the others need a window or a page.
_WITHOUT_WINDOW = (
    *("agg", "cairo", "pdf", "pgf", "ps", "svg", "template"),
    *("inline", "module://matplotlib_inline.backend_inline"),
)
#: Magics that only install or show something.
_HARMLESS = (
    "pip",
    "conda",
    "mamba",
    "micromamba",
    "uv",
    "gui",
    "connect_info",
    "qtconsole",
    "edit",
)
#: Cell magics that start another program.
_PROGRAMS = ("bash", "sh", "script", "perl", "ruby", "python2", "pypy", "sx", "system", "!")


class _NoDisplay(ZMQShellDisplayHook):
    """Keeps the last value as ``_``, and displays nothing."""

    shell: Any

    def __call__(self, result: object = None) -> None:
        if result is not None:
            self.shell.user_ns["_"] = result


class _Shell(InProcessInteractiveShell):
    """ipykernel's shell, in which displays and what is missing here do nothing."""

    displayhook_class: Any = _NoDisplay
    note: Note = staticmethod(lambda *_: None)

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Draw into memory, whatever window or page was asked for."""
        _shown: tuple[str, str] = super().enable_matplotlib("inline")
        return _shown

    def enable_gui(self, gui: str | None = None) -> None:
        """Start no window system."""

    def showtraceback(self, *args: object, **kwargs: object) -> None:
        """Display nothing: the error is in the cell's result."""

    showsyntaxerror = showtraceback

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; one that is missing, or that only shows something, may fail."""
        if magic_name in ("load_ext", "reload_ext"):
            return self._load(magic_name, line)
        if magic_name in _HARMLESS:
            try:
                return super().run_line_magic(magic_name, line, _stack_depth + 1)
            except Exception:  # noqa: BLE001 it would have shown or installed something
                return self.note("magic", magic_name)
        if self.find_line_magic(magic_name) is None:
            return self.note("magic", magic_name)
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic; a cell whose magic is missing is not Python, and is skipped."""
        if self.find_cell_magic(magic_name) is None and self.find_line_magic(magic_name) is None:
            return self.note("magic", magic_name)
        if magic_name not in _PROGRAMS:
            return super().run_cell_magic(magic_name, line, cell)
        try:
            return super().run_cell_magic(magic_name, line, cell)
        except OSError:
            return self._without_shell(magic_name)

    def magic(self, words: str) -> Any:
        """Run a line magic: Colab's IPython still has this method, and old notebooks call it."""
        name, _, line = words.strip().lstrip("%").partition(" ")
        return self.run_line_magic(name, line, 2)

    def system(self, command: str) -> None:
        """Run a command, if this machine has a shell for students."""
        try:
            super().system(command)
        except OSError:
            self._without_shell(command)

    def getoutput(self, command: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """Return what a command prints; nothing if there is no shell."""
        try:
            return super().getoutput(command, *args, **kwargs)
        except OSError:
            self._without_shell(command)
            return SList()

    def _without_shell(self, command: str) -> None:
        self.note("command", command.split()[0] if command.split() else "")
        self.user_ns["_exit_code"] = 127

    def _load(self, magic_name: str, extension: str) -> Any:
        try:
            return super().run_line_magic(magic_name, extension, 2)
        except (ImportError, UsageError):
            return self.note("extension", extension.strip())


class _Kernel(InProcessKernel):
    shell_class = _Shell


def student_shell(note: Note) -> Any:
    """Return the IPython shell in which a student's cells are run.

    Parameters
    ----------
    note : callable
        Called with ``"input"``, ``"magic"``, ``"extension"`` or ``"command"`` and a name, when a
        cell asks for what is missing here.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InlineBackend.figure_formats = set()
    kernel: Any = _Kernel.instance(config=config)
    shell: Any = kernel.shell
    shell.note = note
    # Widgets that show output look for the request that they belong to.
    kernel.set_parent([], kernel.session.msg("execute_request"), channel="shell")
    # Nobody sees it: no figure is rendered, no table is formatted.
    shell.display_formatter.format = lambda *_args, **_kwargs: ({}, {})
    shell.display_pub.publish = lambda *_args, **_kwargs: None
    _replace_input(note)
    _replace_debugger(note)
    sys.meta_path.insert(0, _WithoutWindows())
    colab.install()
    return shell


def _replace_input(note: Note) -> None:
    """Answer every request for keyboard input with an empty text."""

    def answer(prompt: object = "") -> str:
        note("input", str(prompt))
        return ""

    builtins.input = answer
    getpass.getpass = lambda prompt="Password: ", stream=None: answer(prompt)


def _replace_debugger(note: Note) -> None:
    """Let a breakpoint be passed: a debugger repeats its last command at every empty answer."""

    def stop(*_args: object, **_kwargs: object) -> None:
        note("input", "debugger")

    bdb.Bdb.set_trace = stop  # type: ignore[method-assign]
    pdb.Pdb.interaction = stop  # type: ignore[method-assign]


class _WithoutWindows(importlib.abc.MetaPathFinder):
    """Lets matplotlib draw into memory if a cell chooses a backend with windows.

    It changes matplotlib's list of backends when that is imported: not before, since that takes
    a quarter of a second, and not every notebook draws.
    """

    _NAME = "matplotlib.backends.registry"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module

            def exec_module(module: Any) -> None:
                execute(module)
                _replace_windows(module.backend_registry)

            loader.exec_module = exec_module
        return spec


def _replace_windows(registry: Any) -> None:
    load = registry.load_backend_module

    def load_without_window(backend: str) -> Any:
        return load(backend if str(backend).lower() in _WITHOUT_WINDOW else "agg")

    registry.load_backend_module = load_without_window
    registry.is_valid_backend = lambda _backend: True

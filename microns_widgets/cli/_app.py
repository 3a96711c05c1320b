"""The application that the subcommands join, and how it reports errors."""

from __future__ import annotations

import errno
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperCommand

from microns_widgets._files import expanded
from microns_widgets.errors import MicronsError

errors = Console(stderr=True)

#: Exit code for a problem with the data or a service; 2 means a wrong command line.
FAILED = 1
#: Exit code after Ctrl-C, as in a shell.
INTERRUPTED = 130


class Command(TyperCommand):
    """A subcommand: expands ``~`` in paths, and prints errors and warnings as messages."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; an empty path, as from an unset variable, would mean this folder."""
        if any(arg == "" or (arg.startswith("--") and arg.endswith("=")) for arg in args):
            raise typer.BadParameter("An argument is empty. Omit it, or give it a value.")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the subcommand."""
        with errors_as_messages(), warnings_as_messages():
            ctx.params = {name: _expanded(value) for name, value in ctx.params.items()}
            return super().invoke(ctx)


class _App(typer.Typer):
    def command(self, name: str | None = None, **options: Any) -> Callable[..., Any]:
        """Register a subcommand."""
        return super().command(name, cls=Command, **options)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Run the command line."""
        for stream in (sys.stdout, sys.stderr):
            # File names can contain invalid text, and a terminal may not support every character.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return super().__call__(*args, **options)


app = _App(
    name="microns",
    help="Learn about the connectome of the mouse visual cortex, by hand and in code.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@contextmanager
def errors_as_messages() -> Iterator[None]:
    """Print an error of the package or of the system as one line instead of a traceback."""
    try:
        yield
    except MicronsError as error:
        message, code = str(error), FAILED
    except KeyboardInterrupt:
        message, code = "Interrupted. To continue, run the same command again.", INTERRUPTED
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # the reader of the output, such as `head`, has closed it: click exits quietly
        reason = error.strerror or str(error) or type(error).__name__
        name = "" if error.filename is None else f"{error.filename}: "
        message, code = f"{name}{reason}. Check the path, its permissions and the disk.", FAILED
    except UnicodeError as error:
        message = f"A file name or text is not UTF-8 ({error}). Rename or convert the file."
        code = FAILED
    except MemoryError:
        message = "There is not enough memory. Close other programs, or use a larger machine."
        code = FAILED
    else:
        return
    errors.print("[bold red]Error:[/]", end=" ")
    errors.print(message, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code) from None


@contextmanager
def warnings_as_messages() -> Iterator[None]:
    """Print warnings as messages, without the line of code that raised them."""

    def show(message: Warning | str, *_: object, **_named: object) -> None:
        errors.print("[bold yellow]Warning:[/]", end=" ")
        errors.print(str(message), markup=False, highlight=False, soft_wrap=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield


def _expanded(value: object) -> object:
    if isinstance(value, list):
        return [_expanded(one) for one in value]
    return expanded(value) if isinstance(value, Path) else value

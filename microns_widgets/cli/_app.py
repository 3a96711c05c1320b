"""The application that the subcommands join, and how it reports errors."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from microns_widgets.errors import MicronsError

app = typer.Typer(
    name="microns",
    help="Learn about the connectome of the mouse visual cortex, by hand and in code.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
errors = Console(stderr=True)

#: Exit code for a problem with the data or a service; 2 means a wrong command line.
FAILED = 1


@contextmanager
def errors_as_messages() -> Iterator[None]:
    """Print an error of the package as a message instead of a traceback."""
    try:
        yield
    except MicronsError as error:
        errors.print(f"[bold red]Error[/] {type(error).__name__}")
        errors.print(str(error), markup=False, highlight=False)
        raise typer.Exit(FAILED) from None


@contextmanager
def warnings_as_messages() -> Iterator[None]:
    """Print warnings as messages, instead of with the line of code that they come from."""

    def show(message: Warning | str, *_: object, **_named: object) -> None:
        errors.print("[bold yellow]Warning:[/]", end=" ")
        errors.print(str(message), markup=False, highlight=False, soft_wrap=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield

"""``microns review``: a teacher's page for the results of grading."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app


@app.command()
def review(
    results: Annotated[Path, typer.Argument(help="The folder that `microns grade` wrote.")] = Path(
        "results"
    ),
    anonymous: Annotated[
        bool,
        typer.Option("--anonymous", help="Hide names and ids, and shuffle students."),
    ] = False,
    requests: Annotated[
        Path | None,
        typer.Option(
            help="CSV file of students' regrade requests: student, exercise, question, text."
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 = any that is free.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address; open nothing.")
    ] = False,
) -> None:
    """Open a page to look at answers, change points and explain them. Nothing leaves this machine.

    Every change is saved at once, into marks-by-hand.csv and rubric.json in the results folder;
    the next `microns grade` uses it. Write results on the page updates grades, pages and exports.

    Example: `microns review results/ --anonymous`
    """
    # Imported here: only this command needs them.
    from microns_widgets.errors import SubmissionError
    from microns_widgets.grading.review.serve import serve
    from microns_widgets.grading.review.session import Session

    session = Session(results, anonymous=anonymous)
    if requests is not None:
        try:
            content = requests.read_bytes()
        except OSError as error:
            raise SubmissionError(f"{requests} cannot be read: {error.strerror}.") from None
        session.add_requests(content)

    def ready(address: str) -> None:
        typer.echo(f"Review of {results}: {address}")
        typer.echo(
            "Only this machine can open it. To end it, press Ctrl-C or choose Stop on the page."
        )

    try:
        serve(session, port, browser=not no_browser, ready=ready)
    except KeyboardInterrupt:
        typer.echo("Stopped. Everything is saved.")
    else:
        typer.echo("Stopped on the page. Everything is saved.")

"""``microns data``: fetch the tables of one version, from CAVE or from public files."""

from __future__ import annotations

import datetime
import getpass
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from microns_widgets._files import expanded
from microns_widgets.cli._app import app
from microns_widgets.errors import MicronsError, TokenRefused, check_choice

if TYPE_CHECKING:
    from microns_widgets._typing import IntArray
    from microns_widgets.sources.cave.secret import Secret
    from microns_widgets.tables.datastack import Datastack


@app.command()
def data(
    out: Annotated[
        Path | None, typer.Option(help="Folder for the two files; required unless you use --list.")
    ] = None,
    version: Annotated[
        int | None, typer.Option(help="Materialization version. Default: the latest.")
    ] = None,
    block: Annotated[int, typer.Option(min=1, help="Cells per query.")] = 50,
    datastack: Annotated[
        str,
        typer.Option(
            help="CAVE datastack: minnie65_public, v1dd_public, flywire_fafb_public, or a file "
            "that describes another one (file.toml)."
        ),
    ] = "minnie65_public",
    server: Annotated[
        str | None,
        typer.Option(help="Address of the CAVE server. Default: that of the datastack."),
    ] = None,
    autapses: Annotated[
        bool, typer.Option("--autapses", help="Keep synapses of a cell onto itself.")
    ] = False,
    optional: Annotated[
        list[str] | None,
        typer.Option(
            help="Optional table to add: target_structure (spine, shaft or soma, for each synapse) "
            "or tuning (the cells' visual tuning). Can be given twice."
        ),
    ] = None,
    types: Annotated[
        str,
        typer.Option(
            help="System of automatic types: metamodel, metamodel_corrected, "
            "cell_type_multifeature_combo or aibs_cell_info."
        ),
    ] = "metamodel",
    listing: Annotated[
        bool,
        typer.Option("--list", help="Only list the releases; with a token, as CAVE has them now."),
    ] = False,
    static: Annotated[
        bool,
        typer.Option(
            "--static", help="Fetch an expired version from public files; needs no account."
        ),
    ] = False,
    cells: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|proofread",
            help="With `--static`: keep only the synapses of the cells in FILE (text, one root id "
            "per line), or, with the word proofread, of the proofread cells of V1. Default: "
            "download all synapses as one file.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="With `--static`: start without asking.")
    ] = False,
) -> None:
    """Query the tables of one version from CAVE and write the workshop's two files.

    A file that describes another datastack is copied into the folder (see docs/adapt.md).

    The token is read from the environment variable CAVE_TOKEN or from caveclient's own
    files; otherwise you are asked for it. It is neither printed nor saved. If the command is
    interrupted, run it again: it continues where it stopped.

    With `--static`, no token is needed: an expired version is fetched from public files (20 GB).

    Example: `microns data --version 1300 --out data/`

    Example: `microns data --static --version 1412 --cells proofread --out data/`
    """
    stack = _described(datastack)
    name = stack.name if stack else datastack
    server = server or (stack.server if stack else "") or "https://global.daf-apis.com"
    if listing:
        _show_releases(name, server)
        return
    if out is None:
        raise typer.BadParameter("Choose a folder for the two files.", param_hint="'--out'")
    if static:
        if optional:
            raise typer.BadParameter(
                "Optional tables come only from CAVE: omit --optional or --static.",
                param_hint="'--optional'",
            )
        if types != "metamodel" or stack is not None:
            raise typer.BadParameter(
                "The public files are of MICrONS, with the types of the metamodel: omit --types "
                "and --datastack.",
                param_hint="'--static'",
            )
        _fetch_static(version, out, cells, autapses=autapses, yes=yes)
        return
    if cells is not None or yes:
        raise typer.BadParameter(
            "--cells and --yes work only with --static: add it, or omit them.",
            param_hint="'--static'",
        )
    # Imported here: caveclient takes a second to import, and only this command needs it.
    from microns_widgets.sources.cave import connect, fetch_dataset
    from microns_widgets.sources.cave.client import check_caveclient
    from microns_widgets.tables.type_systems import TYPE_SYSTEMS

    check_choice("types", types, TYPE_SYSTEMS)
    check_caveclient()  # before the user is asked for a token
    version = version or (stack.version if stack else None)
    client = connect(_token(server), datastack=name, server_address=server, version=version)
    cell_file, synapses = fetch_dataset(
        client,
        out,
        version=version,
        block=block,
        autapses=autapses,
        optional=optional or (),
        types=types,
        datastack=datastack if stack else None,
    )
    typer.echo(f"Wrote {cell_file} and {synapses}. {_next_step(out, cell_file, synapses)}")


def _described(datastack: str) -> Datastack | None:
    """Return the description of a datastack, if the option names a file or a shipped one."""
    from microns_widgets.tables.datastack import read_datastack, shipped_datastacks

    is_file = datastack.endswith(".toml") or Path(datastack).is_file()
    return read_datastack(datastack) if is_file or datastack in shipped_datastacks() else None


def _show_releases(datastack: str, server: str) -> None:
    """Print the releases; with a token, CAVE reports which it has now."""
    from microns_widgets import releases
    from microns_widgets.sources.cave.tokens import find_token

    known = releases.releases() if datastack == releases.datastack() else {}
    current = None
    try:
        if match := find_token(server):
            from microns_widgets.sources.cave.versions import current_releases

            current = current_releases(match.secret, datastack, server)
            note = f"In CAVE: as reported by {server} now."
        elif known:
            note = "In CAVE: as expected; checking it needs a CAVE token."
        else:
            raise TokenRefused(
                f"Only CAVE knows the releases of {datastack}, and it requires a token. Set the "
                "environment variable CAVE_TOKEN."
            )
    except MicronsError as error:
        if not known:
            raise
        note = f"In CAVE: as expected, because it could not be checked. {error}"
    for line in releases.table(known, current, datetime.date.today()):
        typer.echo(line)
    typer.echo(f"Cell table: whether the release has the tables that `microns data` needs.\n{note}")


def _fetch_static(
    version: int | None, out: Path, cells: str | None, *, autapses: bool, yes: bool
) -> None:
    """Fetch an expired version from its static tables and its export."""
    # Imported here: `microns --help` needs none of this.
    from microns_widgets.scale.static_export import fetch_static_dataset
    from microns_widgets.sources.static_tables import versions

    number = versions()[0] if version is None else version
    ids: IntArray | Literal["proofread"] | None = None
    if cells is not None:
        ids = "proofread" if cells == "proofread" else _ids_in(cells)

    def agree(plan: str) -> None:
        typer.echo(plan)
        if not yes:
            typer.confirm("Start?", abort=True)

    cell_file, synapses = fetch_static_dataset(
        number, out, cells=ids, autapses=autapses, agree=agree
    )
    if ids is None:
        index = f"microns index {shlex.quote(str(synapses))} --out {shlex.quote(str(out))}"
        typer.echo(f"{synapses} is complete. Next: {index} --resolution 4,4,40")
    else:
        typer.echo(f"Wrote {synapses}. {_next_step(out, cell_file, synapses)}")


def _next_step(out: Path, cell_file: Path, synapses: Path) -> str:
    """Return how to open the files; a folder with others, too, cannot be opened."""
    others = [
        path.name
        for kind in ("cell_info*", "synapses*")
        for path in sorted(expanded(out).glob(kind))
        if path.suffix in (".feather", ".parquet")
        and path.name not in (cell_file.name, synapses.name)
    ]
    if others:
        return (
            f"{out} also has {', '.join(others)}: move each pair of files that belong together "
            "into its own folder, and open that with load()."
        )
    return f"Open them with load({str(out)!r})."


def _ids_in(name: str) -> IntArray:
    """Read root ids from a text file, one per line."""
    from microns_widgets.sources.chosen_cells import distinct_cells

    try:
        text = expanded(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise typer.BadParameter(
            f"{name} cannot be read ({error}). Expected a text file with one root id per line, or "
            "the word proofread.",
            param_hint="'--cells'",
        ) from None
    return distinct_cells(text.replace(",", " ").split())


def _token(server: str) -> Secret:
    """Return the token from the usual places, or ask for it."""
    from microns_widgets.sources.cave.tokens import checked_token, find_token

    match = find_token(server)
    return match.secret if match else checked_token(getpass.getpass("CAVE token (not shown): "))

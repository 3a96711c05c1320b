"""The weekly search for dead addresses, in pages and in code, against a server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_server import NOWHERE, Reply, serve, status

from microns_widgets.sources.static_tables import HEADER, ROWS, StaticFiles
from tools import check_addresses
from tools.lint_notebooks.conventions import ROOT

pytestmark = pytest.mark.slow

STATUS = {"/there": 200, "/login": 401, "/for-people": 403, "/gone": 404}


def registry(reply: Reply) -> None:
    """A publisher shows its pages to people only; the registry answers who asks for data."""
    registered = reply.path == "/10.1/registered"
    as_data = "csl+json" in reply.headers.get("Accept", "")
    reply.answer((200 if registered else 404) if as_data else 403)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with serve(tmp_path / "served") as server:
        server.odd.update({path: status(number) for path, number in STATUS.items()})
        server.odd["/10."] = registry
        for stem in ("v1412/cells_merged", "v1412/views", "1181/cells"):
            for ending in (HEADER, ROWS):
                server.put(f"{stem}{ending}", "")
        yield server.url


def test_only_an_address_that_is_gone_is_reported(server: str) -> None:
    broken = check_addresses.check(f"{server}{path}" for path in STATUS)
    assert broken == {f"{server}/gone": "status 404"}


def test_a_page_must_have_the_section_that_a_link_names(server: str, tmp_path: Path) -> None:
    (tmp_path / "served" / "page.html").write_text('<section id="cells">')
    links = [f"{server}/page.html#cells", f"{server}/page.html#synapses"]
    assert check_addresses.check(links) == {links[1]: "no section synapses"}


def test_an_address_without_a_server_is_reported() -> None:
    assert set(check_addresses.check([NOWHERE])) == {NOWHERE}


def test_the_data_of_every_version_and_the_wheel_are_asked_for() -> None:
    for part in (
        *("cell_info_1300", "synapses_proofread_V1_neurons_1293", "/wheels/microns_widgets"),
        *("tutorial.microns-explorer.org/annotation-tables.html#", "/seg_m1300/info", "/em/info"),
    ):
        assert any(part in address for address in check_addresses.ADDRESSES)
    assert all(address.startswith("https://") for address in check_addresses.ADDRESSES)


def test_a_static_table_may_have_any_of_its_names(server: str) -> None:
    def table(version: int, name: str) -> tuple[StaticFiles, str]:
        return StaticFiles(version, server), name

    tables = [table(1412, "cells"), table(1412, "views"), table(1181, "cells"), table(1, "rows")]
    first = f"{server}/v1/rows_merged"
    assert check_addresses.check_static(tables) == {
        first: "status 404, and so do 3 variants of its name"
    }


def test_all_tables_that_are_opened_without_an_account_are_asked_for() -> None:
    asked = {(files.version, table) for files, table in check_addresses.static_tables()}
    assert {(1412, "nucleus_detection_v0"), (943, "proofreading_status_public_release")} <= asked
    assert {version for version, table in asked if "filtered_view" in table} == {
        *(1412, 1181, 1078, 943, 795)
    }
    assert all(f.base.startswith("https://") for f, _ in check_addresses.static_tables())


def test_links_of_pages_are_followed_as_the_configuration_says(server: str, tmp_path: Path) -> None:
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert '"https://doi.org/":' in config
    (tmp_path / "_config.yml").write_text(config.replace("https://doi.org/", f"{server}/"))
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    paths = ("/there", "/login", "/gone", "/10.1/registered", "/10.1/unknown")
    links = "\n".join(f"- [{path}]({server}{path})" for path in paths)
    (tmp_path / "index.md").write_text(f"# Small\n\n{links}\n")
    # A text in an environment beside the pages is not ours.
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "README.md").write_text(f"# Other\n\n[gone]({server}/gone?other)\n")
    command = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "build", tmp_path, "--builder", "linkcheck", "--quiet"],
        env={**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    broken = [line for line in done.stderr.splitlines() if "broken link" in line]
    assert sorted(line.split("broken link: ")[1].split(" ")[0] for line in broken) == [
        f"{server}/10.1/unknown",
        f"{server}/gone",
    ]
    assert all("index.md:" in line for line in broken)

"""The weekly search for dead addresses, in pages and in code, against a server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import check_addresses
from tools.lint_notebooks.conventions import ROOT

pytestmark = pytest.mark.slow

STATUS = {"/there": 200, "/login": 401, "/for-people": 403, "/gone": 404}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        # A publisher shows its pages to people only; the registry answers who asks for data.
        if self.path.startswith("/10."):
            registered = self.path == "/10.1/registered"
            as_data = "csl+json" in self.headers.get("Accept", "")
            status = (200 if registered else 404) if as_data else 403
        else:
            status = STATUS[self.path]
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_only_an_address_that_is_gone_is_reported(server: str) -> None:
    broken = check_addresses.check(f"{server}{path}" for path in STATUS)
    assert broken == {f"{server}/gone": "status 404"}


def test_an_address_without_a_server_is_reported() -> None:
    nobody = "http://127.0.0.1:9/"
    assert set(check_addresses.check([nobody])) == {nobody}


def test_the_data_of_every_version_and_the_wheel_are_asked_for() -> None:
    for part in ("cell_info_1300", "synapses_proofread_V1_neurons_1293", "/wheels/microns_widgets"):
        assert any(part in address for address in check_addresses.ADDRESSES)
    assert all(address.startswith("https://") for address in check_addresses.ADDRESSES)


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

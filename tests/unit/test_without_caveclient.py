"""Without caveclient, all but CAVE works; an error names the library and its pandas limit."""

from __future__ import annotations

from importlib import metadata

import pytest
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import MissingLibrary
from microns_widgets.sources.cave import connect


@pytest.fixture(params=[None, "5.21.0", "8.2rc1", "9.0"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Set the version of caveclient that appears to be installed."""
    real = metadata.version

    def version(name: str) -> str:
        if name != "caveclient":
            return real(name)
        if request.param is None:
            raise metadata.PackageNotFoundError(name)
        return request.param

    monkeypatch.setattr(metadata, "version", version)
    return request.param


def test_connecting_names_the_library_and_its_limit_on_pandas(installed):
    with pytest.raises(MissingLibrary) as refused:
        connect("0" * 32, server_address="http://127.0.0.1:9")
    message = str(refused.value)
    assert 'pip install "caveclient>=8.2,<9"' in message
    assert "pandas below version 3" in message
    assert (installed or "not installed") in message


def test_the_command_says_so_before_it_asks_for_a_token(installed, monkeypatch, tmp_path):
    def prompted(_prompt: str) -> str:
        raise AssertionError("asked for a token first")

    monkeypatch.delenv("CAVE_TOKEN", raising=False)
    monkeypatch.setattr("getpass.getpass", prompted)
    result = CliRunner().invoke(app, ["data", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "caveclient" in result.output
    assert isinstance(result.exception, SystemExit)


def test_the_panel_ends_in_a_state(installed):
    panel = mw.TokenPanel(server_address="http://127.0.0.1:9", token="0" * 32, timeout=1)
    assert panel.wait(20) == "unreachable"

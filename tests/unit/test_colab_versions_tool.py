"""The versions that imitate Colab are taken from the list that its maintainers publish."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from tools import colab_versions

FREEZE = """\
# pip freeze
Jinja2==3.1.6
google-colab @ file:///colabtools/dist/google_colab-1.0.0.tar.gz
ipykernel==6.17.1
ipython==7.34.0
jupyter_client==7.4.9
notebook==6.5.7
pandas==2.2.3
pyzmq==26.2.1
torch==2.11.0+cu128
tornado==6.5.7
traitlets==5.7.1
"""


def test_what_the_package_needs_through_others_is_among_its_needs():
    needs = colab_versions.needed("microns-widgets", frozenset({"cave"}))
    assert {"pandas", "pytz", "requests", "urllib3", "caveclient"} <= needs
    assert not {"microns-widgets", "ruff", "jupyterlab"} & needs
    assert "caveclient" not in colab_versions.needed("microns-widgets")


def test_names_are_compared_as_indexes_do_and_local_parts_are_left_out():
    kept = colab_versions.pins(FREEZE, {"jinja2", "torch", "jupyter-client", "google-colab"})
    assert kept == {"jinja2": "3.1.6", "jupyter-client": "7.4.9", "torch": "2.11.0"}


def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, freeze: str):
    monkeypatch.setattr(colab_versions, "VERSIONS", tmp_path / "versions.txt")
    (tmp_path / "freeze.txt").write_text(freeze)
    app = Typer()
    app.command()(colab_versions.main)
    return CliRunner().invoke(app, [str(tmp_path / "freeze.txt"), "--date", "2026-08-19"])


def test_the_file_says_since_when_and_holds_only_what_is_needed(tmp_path, monkeypatch):
    assert written(tmp_path, monkeypatch, FREEZE).exit_code == 0
    lines = (tmp_path / "versions.txt").read_text().splitlines()
    assert "2026-08-19" in lines[0]
    pins = [line for line in lines if not line.startswith("#")]
    assert "pandas==2.2.3" in pins
    assert "torch==2.11.0" not in pins
    assert pins == sorted(pins)


def test_another_list_is_refused_and_nothing_is_written(tmp_path, monkeypatch):
    result = written(tmp_path, monkeypatch, FREEZE.replace("notebook==", "notebooks=="))
    assert result.exit_code == 1
    assert "has no notebook" in result.output
    assert not (tmp_path / "versions.txt").exists()

"""The command reports its results, and fails with a message and an exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import requests
import typer
from requests.adapters import HTTPAdapter
from small_world import A
from typer.testing import CliRunner
from urllib3.util.retry import Retry

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.cli._app import errors_as_messages
from microns_widgets.synapses.files import FOLDER
from tests.cave.auth import GOOD, NO_TERMS
from tests.cave.server import CaveServer
from tests.cave.world import world_of


def run(*words: object, **environment: str):
    return CliRunner(env=environment).invoke(app, [str(word) for word in words])


@pytest.fixture
def server(cells, synapses):
    pytest.importorskip("caveclient", reason="needs the extra 'cave'")
    with CaveServer(world_of(cells, synapses, {})) as server:
        yield server


def test_help_teaches_each_command():
    for command in ("data", "index", "lab", "site", "stats"):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 8


def test_without_a_subcommand_help_is_shown():
    assert "data" in run().output


def test_data_writes_the_two_files(server, tmp_path: Path):
    result = run(
        *("data", "--version", 1300, "--out", tmp_path, "--server", server.url), CAVE_TOKEN=GOOD
    )
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cell_info_1300.feather",
        "synapses_proofread_V1_neurons_1300.feather",
    ]


def test_data_says_what_is_missing_for_a_token_and_writes_nothing(server, tmp_path):
    result = run(
        *("data", "--version", 1300, "--out", tmp_path, "--server", server.url), CAVE_TOKEN=NO_TERMS
    )
    assert result.exit_code == 1
    assert "terms of service" in result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_index_counts_what_it_laid_out(synapses, tmp_path):
    synapses.to_feather(tmp_path / "synapses.feather")
    result = run("index", tmp_path / "synapses.feather", "--verify")
    assert result.exit_code == 0
    assert "8 synapses" in result.output


def test_index_refuses_what_is_no_table(tmp_path):
    (tmp_path / "synapses.feather").write_text("a,b")
    result = run("index", tmp_path / "synapses.feather")
    assert result.exit_code == 1
    assert "expected a feather or Parquet file" in result.stderr


def test_lab_without_a_folder_says_so(tmp_path):
    result = run("lab", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "There is no" in result.stderr


@pytest.mark.slow
def test_lab_opens_jupyterlab_on_the_folder(tmp_path):
    (tmp_path / "here.ipynb").write_text("{}")
    command = [sys.executable, "-m", "microns_widgets.cli", "lab", str(tmp_path), "--no-browser"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        address = next(
            match[0]
            for line in process.stderr
            if (match := re.search(r"http://localhost\S+", line))
        )
        server, token = address.split("/lab?token=")
        session = requests.Session()
        # The address is printed a moment before the server listens.
        session.mount(server, HTTPAdapter(max_retries=Retry(connect=8, backoff_factor=0.2)))
        headers = {"Authorization": f"token {token}"}
        contents = session.get(f"{server}/api/contents", headers=headers, timeout=30).json()
        assert [entry["name"] for entry in contents["content"]] == ["here.ipynb"]
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


def test_a_wrong_option_is_a_usage_error():
    assert run("data", "--colour", "red").exit_code == 2


def test_a_site_outside_the_repository_ends_with_what_is_missing(tmp_path):
    result = run("site", tmp_path)
    assert result.exit_code == 1
    assert "has no _config.yml" in " ".join(result.output.split())


def test_index_builds_a_folder_within_a_limit_of_memory(synapses, tmp_path):
    renamed = synapses.rename(columns={"size": "area"})
    renamed.to_csv(tmp_path / "synapses.csv", index=False)
    result = run(
        *("index", tmp_path / "synapses.csv", "--out", tmp_path / "whole", "--memory", "1GB"),
        *("--rename", "size=area", "--connections", tmp_path / "pairs.parquet"),
    )
    assert result.exit_code == 0, result.output
    assert f"{len(synapses):,} synapses" in result.output
    assert len(mw.load(tmp_path / "whole").synapses) == len(synapses)
    pairs = synapses.drop_duplicates(["pre_pt_root_id", "post_pt_root_id"])
    assert len(pd.read_parquet(tmp_path / "pairs.parquet")) == len(pairs)


def test_index_verifies_every_byte_of_a_built_folder_and_fixes_it(synapses, tmp_path):
    synapses.to_feather(tmp_path / "synapses.feather")
    words = ("index", tmp_path / "synapses.feather", "--out", tmp_path / "whole")
    assert run(*words).exit_code == 0
    damaged = tmp_path / "whole" / FOLDER / "post_ids.arrow"
    whole, state = damaged.read_bytes(), damaged.stat()
    id_of_a = int(A).to_bytes(8, "little")
    assert whole.count(id_of_a) == 1
    damaged.write_bytes(whole.replace(id_of_a, int(A - 1).to_bytes(8, "little")))
    os.utime(damaged, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert run(*words, "--verify").exit_code == 0
    assert damaged.read_bytes() == whole


@pytest.mark.parametrize(
    "words",
    [
        ("--memory", "8GB"),
        ("--out", "x", "--memory", "much"),
        ("--out", "x", "--rename", "size"),
        ("--out", "x", "--resolution", "4;4;40"),
    ],
)
def test_index_says_which_option_is_wrong(words, synapses, tmp_path):
    synapses.to_feather(tmp_path / "synapses.feather")
    result = run("index", tmp_path / "synapses.feather", *words)
    assert result.exit_code == 2
    assert "Expected" in result.output or "--out" in result.output


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Return paths that cannot be read or written."""
    (tmp_path / "file").write_text("text")
    return {
        "below a file": tmp_path / "file" / "x",
        "a file": tmp_path / "file",
        "too long": tmp_path / ("x" * 300),
        "nowhere": Path("/proc/nowhere"),
        "not UTF-8": tmp_path / "x\udcff",
        "no home": Path("~no_such_user/x"),
    }


@pytest.mark.parametrize(
    "words",
    [
        ("index", "{}"),
        ("index", "{}", "--out", "out"),
        ("index", "synapses.feather", "--out", "{}"),
        ("index", "synapses.feather", "--out", "out", "--cells", "{}"),
        ("stats", "{}"),
        ("assign", "{}"),
        ("keys", "{}"),
        ("site", "{}"),
        ("lab", "{}"),
        ("grade", "{}", "--unsafe"),
        ("grade", "synapses.feather", "--unsafe", "--roster", "{}"),
        ("grade", "synapses.feather", "--unsafe", "--marks", "{}"),
        ("grade", "synapses.feather", "--unsafe", "--solutions", "{}"),
    ],
    ids=lambda words: " ".join(words),
)
def test_an_impossible_path_ends_with_one_line(words, odd, synapses, tmp_path, monkeypatch):
    synapses.to_feather(tmp_path / "synapses.feather")
    monkeypatch.chdir(tmp_path)
    for path in odd.values():
        result = run(*(word.replace("{}", str(path)) for word in words))
        assert result.exit_code == 1, (path, result.exception)
        assert isinstance(result.exception, SystemExit)
        assert "Error:" in result.stderr or "There " in result.stderr


@pytest.mark.parametrize("words", [("stats", ""), ("index", "x", "--out", ""), ("site", "--out=")])
def test_an_empty_argument_is_refused(words):
    result = run(*words)
    assert result.exit_code == 2
    assert "An argument is empty" in result.stderr


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (KeyboardInterrupt(), "Interrupted", 130),
        (OSError(28, "No space left on device"), "No space left on device", 1),
        (OSError(13, "Permission denied", "a/b"), "a/b: Permission denied", 1),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates"), "not UTF-8", 1),
        (MemoryError(), "not enough memory", 1),
    ],
)
def test_an_error_of_the_system_is_one_line(error, message, code, capsys):
    with pytest.raises(typer.Exit) as stopped, errors_as_messages():
        raise error
    assert stopped.value.exit_code == code
    printed = capsys.readouterr().err
    assert message in printed
    assert len(printed.splitlines()) == 1


def test_a_closed_output_ends_the_command_quietly():
    with pytest.raises(BrokenPipeError), errors_as_messages():
        raise BrokenPipeError(32, "Broken pipe")


def test_a_tilde_is_the_home_folder_in_every_subcommand(synapses, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    synapses.to_feather(tmp_path / "synapses.feather")
    assert run("index", "~/synapses.feather", "--out", "~/whole").exit_code == 0
    assert (tmp_path / "whole" / FOLDER).is_dir()

"""The archive for Gradescope, in an imitation of the folders that it is run in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from package_index import PackageIndex, index_with_another_package

from microns_widgets.grading.authoring.gradescope_archive import archive
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import read_exercise

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ANSWERS = {
    "count-solution": "n_outputs = len(con.outputs(cell))\nn_inputs = len(con.inputs(cell))\n"
    "n_targets = n_outputs",
    "unknown-solution": 'why_unknown = "<b>Most fragments</b> have no soma that is known. " * 9',
}


@pytest.fixture(scope="module")
def autograder(tmp_path_factory) -> Path:
    """The content of ``/autograder`` before a submission is graded, with a submission."""
    root = tmp_path_factory.mktemp("autograder")
    for name in ("source", "submission", "results", "venv/bin"):
        (root / name).mkdir(parents=True)
    master = read_master(ROOT / "solutions" / "outputs.ipynb")
    made = archive(master, read_exercise(ROOT / "exercises" / "outputs.json"), root)
    with zipfile.ZipFile(made) as zipped:
        zipped.extractall(root / "source")
    # What setup.sh installs: the package that the archive carries; the rest is here already.
    [wheel] = (root / "source").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(root / "installed")
    command = root / "venv" / "bin" / "microns"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m microns_widgets.cli "$@"\n')
    command.chmod(0o755)
    return root


def hand_in(autograder: Path, student: str) -> None:
    notebook = json.loads((ROOT / "exercises" / "outputs.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] in ANSWERS:
            cell["source"] = ANSWERS[cell["id"]]
        if cell["id"] == "student":
            cell["source"] = "".join(cell["source"]).replace('""', repr(student), 1)
    (autograder / "submission" / "outputs.ipynb").write_text(json.dumps(notebook))


def run(autograder: Path, script: str) -> dict:
    subprocess.run(
        ["bash", autograder / "source" / script],
        env=os.environ
        | {"AUTOGRADER": str(autograder), "PYTHONPATH": str(autograder / "installed")},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return json.loads((autograder / "results" / "results.json").read_text())


def test_a_submission_becomes_results_that_gradescope_reads(autograder, with_bubblewrap):
    hand_in(autograder, "ada@uni.edu")
    results = run(autograder, "run_autograder")
    assert results["score"] == 2.0
    assert [test["number"] for test in results["tests"]] == [f"1.{n}" for n in range(1, 7)]
    first = results["tests"][0]
    assert (first["score"], first["max_score"]) == (2.0, 3.0)
    assert "You counted each synapse as a separate target." in first["output"]
    # What a submission wrote is shown as text, not as a page.
    assert {test["output_format"] for test in results["tests"]} == {"text"}


def test_the_scripts_are_shell_that_can_be_read(autograder):
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", autograder / "source" / script], check=True)


def test_the_same_exercise_gives_the_same_archive(tmp_path):
    master = read_master(ROOT / "solutions" / "outputs.ipynb")
    public = read_exercise(ROOT / "exercises" / "outputs.json")
    first = archive(master, public, tmp_path / "a").read_bytes()
    assert archive(master, public, tmp_path / "b").read_bytes() == first


def set_up(source: Path, root: Path, index: PackageIndex) -> subprocess.CompletedProcess[str]:
    """Run setup.sh until the package is installed; making the keys needs real dependencies."""
    shutil.copytree(source, root / "source")
    script, keys, _ = (source / "setup.sh").read_text().partition('"$root/venv/bin/microns" keys')
    assert keys
    programs = root / "programs"
    programs.mkdir()
    for name, command in {"apt-get": "true", "python3.13": f'exec {sys.executable} "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{command}\n")
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["bash", "-c", script],
        env=index.environment
        | {"AUTOGRADER": str(root), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


# tests/notebooks/test_install_cell.py shows that the name alone would install the other package.
@pytest.mark.long
def test_setup_never_installs_another_package_of_the_name(autograder, tmp_path):
    with index_with_another_package(tmp_path / "index") as index:
        done = set_up(autograder / "source", tmp_path / "autograder", index)
        assert done.returncode == 0, done.stderr
        assert not index.asked_for_the_name
        assert "/simple/anywidget/" in index.asked
    [module] = (tmp_path / "autograder" / "venv" / "lib").glob("*/site-packages/microns_widgets")
    ours = ROOT / "microns_widgets" / "__init__.py"
    assert (module / "__init__.py").read_text() == ours.read_text()


def test_setup_refuses_a_wheel_that_was_changed(autograder, tmp_path):
    changed = tmp_path / "source"
    shutil.copytree(autograder / "source", changed)
    [wheel] = changed.glob("*.whl")
    with zipfile.ZipFile(wheel, "a") as packed:
        packed.writestr("microns_widgets/added.py", "")
    with index_with_another_package(tmp_path / "index") as index:
        done = set_up(changed, tmp_path / "autograder", index)
    assert done.returncode
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not list((tmp_path / "autograder" / "venv").rglob("microns_widgets"))

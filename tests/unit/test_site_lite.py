"""Notebooks in the browser: which packages lie beside the pages, and the link to them."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from microns_widgets.cli import app
from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site.lite import announce_trial, offer_trial
from microns_widgets.site.pyodide import LOCK, Packages, write_pyodide

ROOT = Path(__file__).parents[2]


def a_wheel(folder: Path, name: str, *requires: str) -> Path:
    """Write a wheel of one module."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
    return path


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    """Return a Pyodide with three packages, of which the course needs two."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(name)
    packages = {}
    for name, version, depends in (
        ("numpy", "2.4.6", []),
        ("Pandas", "3.0.2", ["numpy"]),
        ("scikit-learn", "1.6", ["numpy"]),
    ):
        file = f"{name}-{version}.whl"
        (folder / file).write_text(file)
        packages[name.lower()] = {
            "name": name,
            "version": version,
            "file_name": file,
            "sha256": hashlib.sha256(file.encode()).hexdigest(),
            "depends": depends,
        }
    info = {"version": "314.0.6", "python": "3.14.2"}
    lock = {"info": info, "packages": packages}
    (folder / LOCK).write_text(json.dumps(lock))
    return folder


def packages_of(distribution: Path, *wheels: Path, **options: Any) -> Packages:
    lock = json.loads((distribution / LOCK).read_text())
    return Packages(lock, wheels, distribution.parent, **options)


def test_what_a_wheel_requires_lies_beside_the_pages_and_nothing_else(distribution, tmp_path):
    helper = a_wheel(tmp_path, "helper", "numpy>=2")
    course = a_wheel(
        tmp_path,
        "course",
        "pandas>=2.2",
        "helper",
        "typer",  # only the command line
        "caveclient; extra == 'cave'",
        "pywin32; sys_platform == 'win32'",
    )
    packages = packages_of(distribution, helper, course)
    packages.require(Requirement("course"))
    write_pyodide(distribution, packages, tmp_path / "out")

    lock = json.loads((tmp_path / "out" / LOCK).read_text())
    assert sorted(lock["packages"]) == ["course", "helper", "numpy", "pandas"]
    entry = lock["packages"]["course"]
    assert entry["depends"] == ["helper", "pandas"]
    assert entry["imports"] == ["course"]
    assert entry["sha256"] == hashlib.sha256(course.read_bytes()).hexdigest()
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {
        *("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK),
        *(part["file_name"] for part in lock["packages"].values()),
    }


def test_a_pyodide_that_is_too_old_is_refused(distribution, tmp_path):
    course = a_wheel(tmp_path, "course", "pandas>=4")
    with pytest.raises(SiteNotBuilt, match=r"has pandas 3\.0\.2, but pandas>=4 is required"):
        packages_of(distribution, course).require(Requirement("course"))
    packages_of(distribution, course, any_version=True).require(Requirement("course"))


def test_a_file_that_is_not_the_one_of_the_lock_file_is_not_used(distribution, tmp_path):
    packages = packages_of(distribution)
    packages.require(Requirement("numpy"))
    (distribution / "numpy-2.4.6.whl").write_text("another")
    with pytest.raises(SiteNotBuilt, match="SHA-256 differs"):
        write_pyodide(distribution, packages, tmp_path / "out")
    (distribution / "numpy-2.4.6.whl").unlink()
    with pytest.raises(SiteNotBuilt, match=r"lacks numpy-2\.4\.6\.whl"):
        write_pyodide(distribution, packages, tmp_path / "again")


def test_a_folder_without_pyodide_is_refused(distribution, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SiteNotBuilt, match="it is not Pyodide"):
        write_pyodide(tmp_path / "empty", packages_of(distribution), tmp_path / "out")


def test_the_link_stands_below_the_title_and_leads_to_the_notebook(tmp_path):
    (tmp_path / "course").mkdir()
    page = Path("course/start.ipynb")
    text = "# Start here\n\n**After this chapter you can**"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    nbformat.write(notebook, tmp_path / page)
    offer_trial(tmp_path, page)
    title, _, link, *rest = nbformat.read(tmp_path / page, as_version=4).cells[0].source.split("\n")
    assert title == "# Start here"
    assert 'href="../lite/notebooks/index.html?path=course/start.ipynb"' in link
    assert ">Try it here</a>" in link
    assert rest[-1] == "**After this chapter you can**"


def test_the_first_page_speaks_of_the_trial_only_where_there_is_one(tmp_path):
    text = (ROOT / "index.md").read_text(encoding="utf-8")
    spoken = 'click "Try it here" at the top'
    assert spoken not in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    (tmp_path / "index.md").write_text(text, encoding="utf-8")
    announce_trial(tmp_path)
    shown = re.sub(r"<!--.*?-->", "", (tmp_path / "index.md").read_text(), flags=re.DOTALL)
    assert f"\n- **To run and change the code right here:** {spoken}" in shown
    assert "-->" not in shown


def test_a_distribution_is_only_asked_for_with_lite(tmp_path):
    result = CliRunner().invoke(app, ["site", "--pyodide", str(tmp_path)])
    assert result.exit_code == 1
    assert "--lite" in result.output

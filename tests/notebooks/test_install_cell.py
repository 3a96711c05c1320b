"""A notebook installs the wheel of the course's site, whoever has the package's name elsewhere."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from package_index import (
    HIGHER_VERSION,
    NAME,
    OTHER_PACKAGE,
    OWN_VERSION,
    PackageIndex,
    index_with_another_package,
)

from microns_widgets.site.wheel import write_wheel
from tools.lint_notebooks.conventions import ROOT, repository_url, site_url, wheel_url
from tools.lint_notebooks.notebook import read

pytestmark = pytest.mark.slow

OURS = (ROOT / "microns_widgets" / "__init__.py").read_text(encoding="utf-8")
INSTALL = read(ROOT / "course" / "start.ipynb").code[0].source


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as the site's build makes it."""
    return write_wheel(ROOT, tmp_path_factory.mktemp("site") / "wheels")


@pytest.fixture
def index(wheel: Path, tmp_path: Path) -> Iterator[PackageIndex]:
    """An index with another package of the same name, and the course's site beside it."""
    shutil.copytree(wheel.parent, tmp_path / "served" / "wheels")
    with index_with_another_package(tmp_path / "served") as served:
        yield served


def installed_by(index: PackageIndex, line: str, folder: Path) -> str:
    """Run what stands after ``%pip`` in a notebook, and return the module that is then there."""
    subprocess.run(
        [sys.executable, "-m", "pip", *shlex.split(line), "--target", folder],
        env=index.environment,
        check=True,
        capture_output=True,
    )
    return (folder / "microns_widgets" / "__init__.py").read_text(encoding="utf-8")


def test_the_wheel_on_the_site_has_the_name_that_the_notebooks_ask_for(wheel: Path) -> None:
    assert wheel_url(repository_url()).endswith(f"/wheels/{wheel.name}")


def test_a_notebook_never_installs_another_package_of_the_name(
    index: PackageIndex, tmp_path: Path
) -> None:
    [line] = [line.strip() for line in INSTALL.splitlines() if "%pip" in line]
    here = line.replace(site_url(repository_url()), f"{index.url}/")
    assert here != line
    assert installed_by(index, here.removeprefix("%pip "), tmp_path / "target") == OURS
    assert not index.asked_for_the_name
    assert "/simple/anywidget/" in index.asked


@pytest.mark.long
@pytest.mark.parametrize(
    ("by_name", "version"),
    [(NAME, HIGHER_VERSION), (f"{NAME}=={OWN_VERSION}", OWN_VERSION)],
    ids=["any version", "our version"],
)
def test_by_its_name_pip_installs_the_other_package(
    index: PackageIndex, by_name: str, version: str, tmp_path: Path
) -> None:
    line = f"install {by_name} --find-links {index.folder / 'wheels'}"
    module = installed_by(index, line, tmp_path / "target")
    assert module == f"VERSION = {version!r}\n{OTHER_PACKAGE}"
    assert index.asked_for_the_name


def test_an_address_that_is_gone_ends_with_words_that_the_cell_explains(
    index: PackageIndex, tmp_path: Path
) -> None:
    gone = f"{index.url}/wheels/microns_widgets-0.0.1-py3-none-any.whl"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        installed_by(index, f"install --quiet {gone}", tmp_path / "target")
    assert b"HTTP error 404" in failed.value.stderr
    assert "HTTP error 404" in INSTALL

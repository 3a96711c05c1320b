"""A library that submissions import can be added for the grading, and only for that."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest
from grading.in_sandbox import run, value

from microns_widgets.errors import InvalidArgument, MissingLibrary
from microns_widgets.grading.sandbox.libraries import with_libraries

pytestmark = pytest.mark.slow
NAME = "somebodys_plots"


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, from which alone pip installs, and a cache folder of this test."""
    monkeypatch.setenv("MICRONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    about = f"{NAME}-1.0.dist-info"
    files = {
        f"{NAME}.py": "def three():\n    return 3\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(tmp_path / f"{NAME}-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return tmp_path


@pytest.mark.usefixtures("with_bubblewrap")
def test_submissions_can_use_it_and_the_grader_does_not_change(wheels):
    cells = ("a1 = 1", f"import {NAME}\na2 = {NAME}.three()", "a3 = 3")
    without = run(*cells)
    assert value(without, 2) == "missing"
    assert without.lacks == [[1, "library", NAME]]
    for _ in range(2):  # the second time, nothing is installed
        done = run(*cells, interpreter=with_libraries([NAME]))
        assert value(done, 2) == 3
        assert done.lacks == []
        (wheels / f"{NAME}-1.0-py3-none-any.whl").unlink(missing_ok=True)
    assert importlib.util.find_spec(NAME) is None


def test_what_cannot_be_installed_is_named(wheels):
    with pytest.raises(MissingLibrary, match="no-such-library could not be installed"):
        with_libraries(["no-such-library"])
    with pytest.raises(InvalidArgument, match="is not the name of a library"):
        with_libraries(["--index-url=https://example.org"])
    assert not list((wheels / "cache").rglob("site-packages"))

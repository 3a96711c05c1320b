"""docs/adapt.md says which chapters and exercises run on another datastack; they do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from long_cases import long_unless

import microns_widgets as mw
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.four_states import key_problems
from microns_widgets.grading.authoring.make_key import make_key
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.sources.cave import connect, fetch_dataset
from tests.cave.auth import GOOD
from tests.cave.other_datastack import (
    CORTEX,
    DESCRIPTION,
    NAME,
    VERSION,
    cortex_world,
    fly_types,
    octopus_world,
)
from tests.cave.server import CaveServer
from tests.notebooks.execution import CHAPTERS, COURSE, execute, problems

pytestmark = pytest.mark.slow
ROOT = COURSE.parent
_ROW = re.compile(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \|", re.MULTILINE)
#: For each name, whether it runs on another cortex, and outside the cortex.
STATED = {
    name: {"cortex": cortex == "yes", "no cortex": other == "yes"}
    for name, cortex, other in _ROW.findall((ROOT / "docs" / "adapt.md").read_text())
}
MASTERS = sorted((ROOT / "solutions").glob("*.ipynb"))
CASES = [(name, kind) for name in sorted(STATED) for kind in ("cortex", "no cortex")]


@pytest.fixture(scope="module")
def folder_of(once_per_run):
    def make(kind: str) -> Path:
        return once_per_run.folder(f"other-{kind.replace(' ', '-')}", lambda out: _fill(kind, out))

    return make


def _fill(kind: str, out: Path) -> None:
    """Query the cells of the sample as those of another datastack."""
    sample = mw.load(quiet=True)
    cortex = kind == "cortex"
    world = cortex_world(sample) if cortex else octopus_world(sample, fly_types())
    description = out / "description.toml"
    description.write_text(CORTEX if cortex else DESCRIPTION)
    with CaveServer(world) as server:
        client = connect(GOOD, datastack=NAME, server_address=server.url, version=VERSION)
        fetch_dataset(client, out, datastack=description, autapses=True, progress=False)
    if cortex:
        (out / "skeletons").mkdir()
        for root_id in sample.select(proofread=True):
            sample.skeleton(root_id).to_swc(out / "skeletons" / f"{root_id}.swc")


def faults(name: str, folder: Path) -> list[str]:
    """What keeps a chapter or an exercise from running; a picker may say that it has no map."""
    chapter = COURSE / f"{name}.ipynb"
    if chapter.is_file():
        found = problems(execute(chapter, version=folder))
        return [problem for problem in found if "cells have no cortical depth" not in problem]
    master = read_master(ROOT / "solutions" / f"{name}.ipynb")
    try:
        key = make_key(master, settings=RunSettings(version=str(folder)))
    except MasterError as error:
        return [str(error)]
    return key_problems(master, key)


def test_the_page_has_a_row_for_each_chapter_and_exercise():
    assert set(STATED) == {path.stem for path in [*CHAPTERS, *MASTERS]}
    assert any(row["cortex"] for row in STATED.values())


@pytest.mark.parametrize(
    ("name", "kind"), long_unless(CASES, lambda case: case == ("start", "cortex"))
)
def test_what_is_said_to_run_on_another_datastack_runs(name, kind, folder_of):
    found = faults(name, folder_of(kind))
    assert (found == []) == STATED[name][kind], found

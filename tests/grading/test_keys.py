"""A key is what the master gives, for each variant; it is made once and kept from others."""

from __future__ import annotations

import stat

import pytest
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.key_store import content_digest, key_for, keys_folder
from microns_widgets.grading.authoring.make_key import make_key
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.sandbox.settings import RunSettings
from tests.grading.small_master import replacing, write_small_master

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return read_master(write_small_master(tmp_path_factory.mktemp("master")))


def test_a_variants_key_is_what_its_own_cell_has(master):
    sample = mw.load(quiet=True)
    for variant, (cell,) in list(enumerate(master.exercise.variants(sample)))[2:4]:
        found = make_key(master, variant).questions["small.count"]
        assert found.right["n_outputs"] == {"value": len(sample.outputs(cell))}
        assert found.complaints == ""


def test_a_way_that_changes_an_answer_in_place_leaves_the_right_one_alone(master):
    found = make_key(master, 1).questions["small.by-type"]
    half = next(one for one in found.wrong if one.name == "half")
    right = found.right["by_type"]["columns"]["n_synapses"]
    assert half.payloads["by_type"]["columns"]["n_synapses"] == [one // 2 for one in right]
    assert set(half.payloads) == {"by_type"}


def test_a_key_is_made_once_and_is_its_owners_alone(master, tmp_path):
    first = key_for(master, 1)
    (kept,) = [
        p
        for p in keys_folder().iterdir()
        if content_digest(master, master.exercise, 1, RunSettings()) in p.name
    ]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_folder().stat().st_mode) == 0o700
    before = kept.stat().st_mtime_ns
    assert key_for(master, 1) == first
    assert kept.stat().st_mtime_ns == before


def test_a_damaged_key_is_made_anew(master):
    first = key_for(master, 1)
    path = keys_folder() / f"{content_digest(master, master.exercise, 1, RunSettings())}.json"
    path.write_text(path.read_text()[:-100])
    assert key_for(master, 1) == first


def test_another_master_or_other_data_have_another_key(master, tmp_path):
    other = read_master(
        write_small_master(tmp_path, replacing("count-first", "targets[:5]", "targets[:6]"))
    )
    digests = {
        content_digest(master, master.exercise, 0, RunSettings()),
        content_digest(master, master.exercise, 1, RunSettings()),
        content_digest(master, master.exercise, 0, RunSettings.for_version(str(tmp_path))),
        content_digest(other, other.exercise, 0, RunSettings()),
    }
    assert len(digests) == 4


def test_a_key_comes_back_from_json_as_it_was(master):
    found = key_for(master, 1)
    assert Key.from_json(found.to_json()) == found


def test_a_master_that_fails_for_a_variant_says_in_which_cell(tmp_path):
    broken = replacing("count-solution", "len(outputs)", "1 // (len(STUDENT) == 0)")
    master = read_master(write_small_master(tmp_path, broken))
    make_key(master, 0)
    with pytest.raises(MasterError, match=r"variant 1.*\n- Cell 7 \(count-solution\) fails: Zero"):
        make_key(master, 1)


@pytest.mark.long
def test_the_command_proves_a_master_for_every_variant(tmp_path):
    def change(cells):
        one = replacing("cells", "variants = 5", "variants = 1")(cells)
        # In the variant of the students, but not in the one for practice, it goes wrong.
        return replacing("count-partners", "len(targets)", "len(outputs) - (STUDENT == '')")(one)

    path = write_small_master(tmp_path, change)
    public = read_master(path).exercise
    (tmp_path / "small.json").write_text(as_json(public.to_json()))
    words = ["keys", str(path), "--exercises", str(tmp_path)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert "variant 1: small.count: WRONG partners gives the right answers." in said
    assert "variant 0: small.count" not in said
    write_small_master(tmp_path, replacing("cells", "variants = 5", "variants = 1"))
    assert CliRunner().invoke(app, words).exit_code == 0

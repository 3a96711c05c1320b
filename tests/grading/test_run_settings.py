"""One object says how notebooks are run, and a stored run is used only for the same settings."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

from microns_widgets.grading.authoring.make_key import LIMITS, master_settings
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.run.task import Task
from microns_widgets.grading.sandbox.interpreter import Interpreter
from microns_widgets.grading.sandbox.settings import RunSettings

OTHERS = {
    "version": "1300",
    "data": Path("/data"),
    "limits": Limits(cell_seconds=1),
    "sandbox": "user",
    "interpreter": Interpreter.own(),
}


def key(settings: RunSettings = RunSettings(), **changed: object) -> str:  # noqa: B008 frozen
    exercise = {"exercise": "sums", "questions": []}
    task = Task("one", b"{}", exercise, settings, {"a": ["5"]})
    return replace(task, **changed).key


def test_a_tasks_key_depends_on_all_that_its_result_depends_on():
    keys = [key(replace(RunSettings(), **{name: value})) for name, value in OTHERS.items()]
    keys += [
        key(),
        key(notebook=b"[]"),
        key(exercise={"exercise": "odd", "questions": []}),
        key(choices={}),
    ]
    assert len(set(keys)) == len(keys)


def test_a_tasks_key_does_not_depend_on_its_name_or_on_where_the_teachers_files_are():
    assert key() == key(name="another") == key(RunSettings(hidden=(Path("/keys"),)))


def test_every_setting_but_what_is_hidden_goes_into_the_key():
    assert {one.name for one in fields(RunSettings)} == {*OTHERS, "hidden"}
    plain = RunSettings(**OTHERS).to_json()
    assert plain.keys() == OTHERS.keys()
    assert json.loads(json.dumps(plain)) == plain


def test_a_folder_of_data_is_a_version_and_is_handed_in(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    folder = (tmp_path / "data").resolve()
    assert RunSettings.for_version("data") == RunSettings(str(folder), folder)
    assert RunSettings.for_version("1300") == RunSettings("1300")


def test_a_master_is_run_on_the_same_data_with_limits_of_its_own(tmp_path):
    student = RunSettings.for_version(str(tmp_path), hidden=(tmp_path,), limits=Limits(cells=1))
    master = master_settings(student)
    assert (master.version, master.data) == (student.version, student.data)
    assert (master.limits, master.sandbox, master.hidden) == (LIMITS, "unsafe", ())

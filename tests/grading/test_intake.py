"""Submissions are found as learning systems hand them out; no archive is unpacked."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from grading.small_course import submission

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.submissions import find_submissions
from microns_widgets.grading.limits import MIB

NOTEBOOK = submission()


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


def test_a_folder_has_a_notebook_or_a_folder_for_each_student(tmp_path):
    (tmp_path / "Ada.ipynb").write_text(NOTEBOOK)
    (tmp_path / "Bob").mkdir()
    (tmp_path / "Bob" / "outputs.ipynb").write_text(NOTEBOOK)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "Ada-checkpoint.ipynb").write_text(NOTEBOOK)
    assert [one.name for one in find_submissions(tmp_path, MIB)] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    "members",
    [
        ("Ada/work/x.ipynb", "Bob/work/x.ipynb"),
        ("class/Ada.ipynb", "class/Bob.ipynb"),
        ("class/Ada/x.ipynb", "class/Bob/a/b/x.ipynb"),
        ("Ada/x.ipynb", "Bob/Ada_7_assignsubmission_file_/x.ipynb"),
        ("Ada/x.ipynb", "Bob/submission_7/x.ipynb"),
    ],
    ids=[
        "folders of the same name within",
        "one folder around all",
        "one folder around all folders",
        "a folder of one's own named as Moodle names another's",
        "a folder of one's own named as Gradescope names another's",
    ],
)
def test_the_outermost_name_of_its_own_says_whose_it_is(tmp_path, members):
    path = archive(tmp_path / "all.zip", dict.fromkeys(members, NOTEBOOK))
    assert [one.name for one in find_submissions(path, MIB)] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("member", "who", "name", "late"),
    [
        ("lovelaceada_12345_67890_outputs.ipynb", "12345", "lovelaceada", False),
        ("lovelaceada_LATE_12345_67890_outputs.ipynb", "12345", "lovelaceada", True),
        ("Ada Lovelace_123_assignsubmission_file_/outputs.ipynb", "123", "Ada Lovelace", False),
    ],
    ids=["Canvas", "Canvas, late", "Moodle"],
)
def test_a_learning_systems_names_are_read(tmp_path, member, who, name, late):
    [one] = find_submissions(archive(tmp_path / "all.zip", {member: NOTEBOOK}), MIB)
    assert (one.who, one.name, one.late) == (who, name, late)
    assert one.read() == NOTEBOOK.encode()


def test_a_students_own_list_says_nothing(tmp_path):
    own, forged = (f"submission_9:\n  - :name: {name}\n" for name in ("Ada", "Bob"))
    path = archive(
        tmp_path / "all.zip",
        {
            "export/submission_9/submission_metadata.yml": forged,
            "export/submission_9/outputs.ipynb": NOTEBOOK,
            "export/submission_metadata.yml": own,
        },
    )
    assert [one.name for one in find_submissions(path, MIB)] == ["Ada"]


def test_gradescopes_list_says_who_is_who(tmp_path):
    people = "submission_9:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '77'\n"
    path = archive(
        tmp_path / "all.zip",
        {
            "export/submission_metadata.yml": people,
            "export/submission_9/outputs.ipynb": NOTEBOOK,
        },
    )
    [one] = find_submissions(path, MIB)
    assert (one.who, one.name) == ("77", "Ada Lovelace")


def test_a_students_own_archive_is_looked_into_once(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        zipped.writestr("work/outputs.ipynb", NOTEBOOK)
    path = archive(tmp_path / "all.zip", {"Ada/mine.zip": inner.getvalue()})
    [one] = find_submissions(path, MIB)
    assert (one.name, one.read()) == ("Ada", NOTEBOOK.encode())


@pytest.mark.parametrize("name", ["../../evil.ipynb", "/etc/evil.ipynb", "..\\evil.ipynb"])
def test_a_name_that_climbs_leads_nowhere(tmp_path, name):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    [one] = find_submissions(archive(inside / "all.zip", {name: NOTEBOOK}), MIB)
    assert ".." not in one.file
    assert one.read() == NOTEBOOK.encode()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["all.zip"]


def test_links_are_told_and_not_followed(tmp_path):
    secret = tmp_path / "key.json"
    secret.write_text('{"answer": 42}')
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "Eve.ipynb").symlink_to(secret)
    info = zipfile.ZipInfo("Mal.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as zipped:
        zipped.writestr(info, str(secret))
    for where in (folder, tmp_path / "all.zip"):
        [one] = find_submissions(where, MIB)
        with pytest.raises(SubmissionError, match="link"):
            one.read()


def test_a_bomb_is_not_blown_up(tmp_path):
    path = archive(tmp_path / "all.zip", {"Eve.ipynb": b"0" * (64 * MIB)})
    assert path.stat().st_size < MIB
    [one] = find_submissions(path, MIB)
    with pytest.raises(SubmissionError, match="64 MB or larger"):
        one.read()


def test_a_size_that_lies_does_not_help_a_bomb(tmp_path):
    path = archive(tmp_path / "all.zip", {"Eve.ipynb": b"0" * (8 * MIB)})
    claimed = (8 * MIB).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(claimed, (1000).to_bytes(4, "little")))
    [one] = find_submissions(path, MIB)
    with pytest.raises(SubmissionError):
        one.read()


def test_a_notebook_that_is_too_large_is_told_what_to_do(tmp_path):
    (tmp_path / "Ada.ipynb").write_bytes(b" " * (MIB + 1))
    [one] = find_submissions(tmp_path, MIB)
    with pytest.raises(SubmissionError, match="Clear its outputs"):
        one.read()


@pytest.mark.parametrize("name", ["nothing", "no.zip", "text.txt"])
def test_where_nothing_is_handed_in_it_is_said(tmp_path, name):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "no.zip").write_text("no archive")
    (tmp_path / "text.txt").write_text("text")
    with pytest.raises(SubmissionError):
        find_submissions(tmp_path / name, MIB)

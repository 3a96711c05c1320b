"""An export is read as its learning system made it, recognised as a whole."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from grading.exports import found, matched, notebook, packed, roster, unzipped, zipped

from microns_widgets.grading.intake.submissions import Submission

#: Names as a class has them, and the roster's way to write them.
NAMES = {
    "Jörg Müller": "s1",
    "Åsa O'Neil": "s2",
    "山田 太郎": "s3",
    "דוד לוי": "s4",
    "Ana María de la Cruz": "s5",
    "Jean-Luc Picard": "s6",
    "محمد علي": "s7",
    "Nguyễn Văn An": "s8",
}


@pytest.fixture
def people(tmp_path):
    rows = "".join(f'{student},"{name}"\n' for name, student in NAMES.items())
    return roster(tmp_path, f"student,name\n{rows}")


def seen(submissions: list[Submission]) -> list[tuple[str, str]]:
    return [(one.who, one.name) for one in submissions]


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (
            ["lovelaceada_12_67_outputs.ipynb", "byronanne_LATE_13_68_outputs-2.ipynb"],
            [("12", "lovelaceada"), ("13", "byronanne")],
        ),
        (
            ["de_la_cruz_ana_12_67_zz_13_1_degree.ipynb", "byronanne_13_68_x.ipynb"],
            [("12", "de_la_cruz_ana"), ("13", "byronanne")],
        ),
        (
            ["anon_aB3dE_67_degree.ipynb", "LATE_anon_Zz9xY_68_degree.ipynb"],
            [("Zz9xY", "Zz9xY"), ("aB3dE", "aB3dE")],
        ),
        (
            [
                "Ada Lovelace_7_assignsubmission_file_/x.ipynb",
                "Anne_8_assignsubmission_file/y.ipynb",
            ],
            [("7", "Ada Lovelace"), ("8", "Anne")],
        ),
        (
            [
                "Ada Lovelace_7_assignsubmission_file_x_8_assignsubmission_file_y.ipynb",
                "Anne Byron_8_assignsubmission_file_x.ipynb",
            ],
            [("7", "Ada Lovelace"), ("8", "Anne Byron")],
        ),
        (
            ["Participant_7_assignsubmission_file_/x.ipynb"],
            [("7", "Participant")],
        ),
        (
            [
                "Exercise 1/39786-64 - Ada Lovelace - Oct 10, 2025 1022 AM/x.ipynb",
                "Exercise 1/39787-64 - Anne Byron - Sept 9, 2025 912 PM/x.ipynb",
            ],
            [("39786", "Ada Lovelace"), ("39787", "Anne Byron")],
        ),
        (
            [
                "397-64 - Ada Lovelace - Oct 10, 2025 1022 AM - x.ipynb",
                "398-64 - N0123456 - Anne Byron- Oct 9, 2025 912 PM - y - z.ipynb",
            ],
            [("397", "Ada Lovelace"), ("398", "Anne Byron")],
        ),
        (
            [
                "Exercise_1_ada_attempt_2026-10-30-15-00-00_x_anne_attempt_2026-10-30-15-00-00_y.ipynb",
                "Exercise_1_anne_attempt_2026-10-30-15-00-00_x.ipynb",
            ],
            [("ada", "ada"), ("anne", "anne")],
        ),
        (
            ["export/submission_9/x.ipynb", "export/submission_10/submission_9/x.ipynb"],
            [("10", "10"), ("9", "9")],
        ),
        (
            [
                "degree-submissions/degree-ada/degree.ipynb",
                "degree-submissions/degree-anne-b/x.ipynb",
            ],
            [("ada", "ada"), ("anne-b", "anne-b")],
        ),
        (
            ["Ada Lovelace - degree.ipynb", "Anne Byron - degree (1).ipynb"],
            [("Ada Lovelace", "Ada Lovelace"), ("Anne Byron", "Anne Byron")],
        ),
        (
            ["Ex 3-20261129T101500Z-001.zip", "Ex 3-20261129T101500Z-002.zip"],
            [("Ada", "Ada"), ("Anne", "Anne")],
        ),
        (
            ["degree/Ada/x.ipynb", "sums/Ada/x.ipynb", "sums/Anne/x.ipynb"],
            [("Ada", "Ada"), ("Ada", "Ada"), ("Anne", "Anne")],
        ),
    ],
    ids=[
        *("Canvas", "Canvas, underscores", "Canvas, anonymous", "Moodle, folders", "Moodle, flat"),
        *("Moodle, anonymous", "Brightspace, folders", "Brightspace, flat", "Blackboard"),
        *("Gradescope", "GitHub Classroom", "Google Classroom", "Google Drive, divided"),
        "folders of exercises",
    ],
)
def test_the_students_of_an_export_are_found(tmp_path, files, students):
    if files[0].endswith(".zip"):
        names = ("Ada", "Anne")
        files = {f: packed([f"Ex 3/{n}/x.ipynb"]) for f, n in zip(files, names, strict=True)}
    assert seen(found(zipped(tmp_path / "all.zip", files))) == students
    assert seen(found(unzipped(tmp_path / "all", files))) == students


def test_moodles_other_plugins_and_brightspaces_index_are_nobodys_notebook(tmp_path):
    files = {
        "Ada Lovelace_7_assignsubmission_file_/x.ipynb": notebook("ada"),
        "Ada Lovelace_7_assignsubmission_onlinetext_/onlinetext.html": "<p>Done</p>",
        "index.html": "<html>",
    }
    assert seen(found(zipped(tmp_path / "all.zip", files))) == [("7", "Ada Lovelace")]


@pytest.mark.parametrize(
    "chosen",
    [
        "zz_101_1_degree.ipynb",
        "Bob_101_assignsubmission_file_x.ipynb",
        "101-1 - Bob - Oct 10, 2025 1022 AM - x.ipynb",
        "x_101_attempt_2026-10-30-15-00-00_x.ipynb",
        "Bob - degree.ipynb",
        "101.ipynb",
        "101/degree.ipynb",
        "submission_101/degree.ipynb",
        "Bob_101_assignsubmission_file_/degree.ipynb",
        "degree-submissions/degree-101/degree.ipynb",
        "101.zip",
    ],
)
def test_a_name_that_a_student_chose_makes_nothing_anothers(tmp_path, chosen):
    files = {"101/degree.ipynb": notebook("101"), f"102/{chosen}": notebook("102")}
    if chosen.endswith(".zip"):
        files[f"102/{chosen}"] = packed({"101/degree.ipynb": notebook("102")})
    for people in (None, roster(tmp_path, "student,name\n101,Bob\n102,Eve\n")):
        entries = matched(zipped(tmp_path / "all.zip", files), people)
        assert [entry.who for entry in entries] == ["101", "102"]
        assert [entry.student_id for entry in entries] == ["101", "102"]


def test_one_file_that_does_not_fit_makes_it_no_export_of_canvas(tmp_path):
    files = ["lovelaceada_12_67_x.ipynb", "byronanne_13_68_x.ipynb", "degree.ipynb"]
    one, *others = found(zipped(tmp_path / "all.zip", files))
    assert {one.owner.evidence for one in (one, *others)} == {"nothing"}


def test_of_archives_in_an_archive_each_is_read_as_what_it_is(tmp_path):
    files = {
        "degree.zip": packed(
            {
                "Ada_7_assignsubmission_file_/mine.zip": packed(["work/x.ipynb"]),
                "Anne_8_assignsubmission_file_/x.ipynb": notebook("anne"),
            }
        ),
        "sums.zip": packed(["Ada_7_assignsubmission_file_/x.ipynb"]),
    }
    students = [("7", "Ada"), ("7", "Ada"), ("8", "Anne")]
    assert seen(found(zipped(tmp_path / "term.zip", files))) == students
    submissions = found(unzipped(tmp_path / "term", files))
    assert seen(submissions) == students
    assert all(one.read().startswith(b"{") for one in submissions)


def test_repositories_say_by_themselves_that_they_are_some(tmp_path):
    files = {
        f"work/lab-{user}/{name}": content
        for user in ("anna-a", "anna-b")
        for name, content in {"x.ipynb": notebook(user), ".git/HEAD": "ref"}.items()
    }
    path = unzipped(tmp_path / "all", files)
    entries = matched(path, roster(tmp_path, "student,id\n1,anna-a\n2,anna-b\n3,a\n"))
    assert [(entry.who, entry.problem) for entry in entries] == [
        ("1", ""),
        ("2", ""),
        ("3", "Nothing was handed in."),
    ]


def test_a_username_with_underscores_is_found_in_the_roster(tmp_path):
    files = ["HW_ada_b_attempt_2026-10-30-15-00-00_x.ipynb"]
    path = zipped(tmp_path / "all.zip", files)
    [ada, b] = matched(path, roster(tmp_path, "student\nada_b\nb\n"))
    assert (ada.who, b.problem) == ("ada_b", "Nothing was handed in.")


def test_gradescopes_list_says_who_when_and_with_whom(tmp_path):
    people = """submission_9:
  :submitters:
  - :name: Ada Lovelace
    :sid: '77'
    :email: ada@uni.edu
  - :name: Anne Byron
    :sid: '78'
  :created_at: 2026-10-30 15:00:00.123456000 Z
  :score: 3.0
  :results:
    output: |
      :sid: '79'
      - :name: Eve
    tests:
    - :name: Eve
      :sid: '79'
submission_10:
  :submitters:
  - :name: Eve
  :results:
    output: "x"
    :sid: '77'
"""
    files = {
        "export/submission_metadata.yml": people,
        "export/submission_9/x.ipynb": notebook("77"),
        "export/submission_10/x.ipynb": notebook("eve"),
    }
    eve, ada, anne = found(zipped(tmp_path / "all.zip", files))
    assert (eve.who, eve.name) == ("10", "Eve")
    assert (ada.who, ada.name, ada.email) == ("77", "Ada Lovelace", "ada@uni.edu")
    assert (anne.who, anne.name, anne.file) == ("78", "Anne Byron", ada.file)
    when = datetime(2026, 10, 30, 15, tzinfo=UTC).timestamp()
    assert ada.owner.time == anne.owner.time == when
    entries = matched(tmp_path / "all.zip")
    assert [entry.who for entry in entries] == ["10", "77", "78"]
    assert not [flag for entry in entries for flag in entry.flags if "identical" in flag]


def canvas(name: str) -> str:
    """A sortable name as Canvas writes it: in lower case, without what is no letter."""
    first, *rest = name.split()
    sortable = f"{' '.join(rest)}, {first}".lower()
    return "".join(s for s in sortable if unicodedata.category(s)[0] in "LMN")


def moodle(name: str) -> str:
    return name.replace("'", "")


SYSTEMS = {
    "Canvas": lambda n, name: f"{canvas(name)}_{n}_{n + 900}_x.ipynb",
    "Moodle": lambda n, name: f"{moodle(name)}_{n}_assignsubmission_file_/x.ipynb",
    "Brightspace": lambda n, name: f"{n}-5 - {name} - Oct 10, 2025 1022 AM/x.ipynb",
    "Classroom": lambda _, name: f"{name} - sums.ipynb",
    "folders": lambda _, name: f"{name}/x.ipynb",
    "family name first": lambda _, name: (
        f"{' '.join([*name.split()[1:], name.split()[0]])}/x.ipynb"
    ),
    "with a comma": lambda _, name: f"{name.split()[-1]}, {' '.join(name.split()[:-1])}/x.ipynb",
    "capitals": lambda _, name: f"{name.upper()}/x.ipynb",
    "other apostrophes": lambda _, name: f"{name.replace(chr(39), '’').replace('-', '‐')}/x.ipynb",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_names_are_found_in_the_roster_however_a_system_writes_them(tmp_path, people, system, form):
    files = {
        unicodedata.normalize(form, SYSTEMS[system](n, name)): notebook()
        for n, name in enumerate(NAMES, start=101)
    }
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    assert {entry.name: entry.who for entry in entries} == NAMES
    assert not [entry.problem for entry in entries if entry.problem]


def test_names_in_an_archive_that_does_not_say_it_is_utf8_are_read(tmp_path):
    path = zipped(tmp_path / "all.zip", ["Jörg Müller/x.ipynb", "Åsa/x.ipynb"])
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = -1
        while (start := content.find(signature, start + 1)) >= 0:
            content[start + flags + 1] &= ~0x08
    path.write_bytes(content)
    assert [one.name for one in found(path)] == ["Jörg Müller", "Åsa"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("s01", "s10"), ("Ann Lee", "Len Ale"), ("Muller", "Müller"), ("o'neil", "o'niel")],
)
def test_names_of_the_same_letters_are_not_the_same(tmp_path, one, other):
    people = roster(tmp_path, f"student,name\n{one},{one}\n{other},{other}\n")
    entries = matched(zipped(tmp_path / "all.zip", {f"{other}/x.ipynb": notebook(other)}), people)
    [missing] = [entry for entry in entries if entry.problem]
    assert missing.who == one
    assert sum(not entry.flags for entry in entries) == 2


def test_two_people_of_one_name_are_not_confused(tmp_path):
    people = roster(tmp_path, "student,id,name\n1,7,Ann Lee\n2,8,Lee Ann\n")
    files = ["leeann_7_1_x.ipynb", "annlee_9_2_x.ipynb"]
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    assert [(entry.who, bool(entry.problem)) for entry in entries] == [
        ("1", False),
        ("2", True),
        ("9", False),
    ]
    assert entries[2].flags[0] == "Nobody in the roster has this name or id."


def test_a_number_of_canvas_is_no_student_number(tmp_path):
    people = roster(tmp_path, "student,name\n12,Anne Byron\n13,Ada Lovelace\n")
    files = {
        "lovelaceada_12_67_x.ipynb": notebook("13"),
        "byronanne_13_68_x.ipynb": notebook("12"),
    }
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    assert [(entry.who, entry.student_id, entry.flags) for entry in entries] == [
        ("12", "12", ()),
        ("13", "13", ()),
    ]

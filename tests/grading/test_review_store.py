"""What a teacher changed in a review is stored, explained, undone, and never lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from grading.after_power_off import Disk
from grading.reviewed_class import store

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.report.by_hand import STORED, read_hand_marks, store_marks
from microns_widgets.grading.review.journal import FILE as JOURNAL
from microns_widgets.grading.review.requests import Request, store_requests, stored_requests
from microns_widgets.grading.review.rubric import Item, Rubric
from microns_widgets.grading.review.store import RUBRICS

ROOT = Path(__file__).parents[2]
ADA, BEN = ("ada", "sums", "why"), ("ben", "sums", "why")
WHY = ("sums", "why")
RUBRIC = Rubric((Item("pairs", 2, "Pairs found."), Item("unit", -0.5, "A unit is missing.")))


def marks(folder: Path) -> dict[tuple[str, str], tuple[float, str]]:
    return {
        (one.student, one.answer): (one.points, one.comment)
        for one in read_hand_marks(folder / STORED)
    }


def test_items_of_a_rubric_add_up_and_their_comments_are_for_the_student(tmp_path):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, RUBRIC)
    review.change("1", "Tina", ADA, {"item": "pairs", "on": True})
    review.change("2", "Tina", ADA, {"item": "unit", "on": True})
    review.change("3", "Tina", ADA, {"comment": "Well put."})
    assert marks(tmp_path) == {("ada", "why"): (1.5, "Pairs found. A unit is missing. Well put.")}
    assert store(tmp_path).state(ADA).items == ("pairs", "unit")


@pytest.mark.parametrize(("points", "counts"), [(5, 3), (-1, 0)])
def test_a_sum_beyond_the_points_is_clipped(tmp_path, points, counts):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, Rubric((Item("one", points),)))
    review.change("1", "Tina", ADA, {"item": "one", "on": True})
    assert marks(tmp_path)["ada", "why"] == (counts, "")


def test_points_may_be_counted_down_from_all(tmp_path):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, Rubric((Item("unit", -0.5),), "all"))
    review.change("1", "Tina", ADA, {"item": "unit", "on": True})
    assert marks(tmp_path)["ada", "why"] == (2.5, "")


def test_typed_points_count_until_an_item_is_chosen(tmp_path):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, RUBRIC)
    review.change("1", "Tina", ADA, {"points": 0.25})
    assert marks(tmp_path)["ada", "why"] == (0.25, "")
    review.change("2", "Tina", ADA, {"item": "pairs", "on": True})
    assert marks(tmp_path)["ada", "why"] == (2, "Pairs found.")


def test_marks_follow_an_item_that_is_changed_or_deleted(tmp_path):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, RUBRIC)
    review.change("1", "Tina", ADA, {"item": "pairs", "on": True})
    review.change_rubric("s", "Tina", WHY, Rubric((Item("pairs", 1, "Pairs."), RUBRIC.items[1])))
    assert marks(tmp_path)["ada", "why"] == (1, "Pairs.")
    review.change_rubric("t", "Tina", WHY, Rubric((RUBRIC.items[1],)))
    assert marks(tmp_path) == {}
    review.undo("u", "Tina")
    review.undo("v", "Tina")
    assert marks(tmp_path)["ada", "why"] == (2, "Pairs found.")


def test_a_comment_alone_leaves_the_computed_points_or_waits_for_points(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", BEN, {"comment": "Good."})
    review.change("2", "Tina", ADA, {"comment": "Hm."})
    assert marks(tmp_path) == {("ben", "why"): (3, "Good.")}
    assert store(tmp_path).state(ADA).comment == "Hm."
    review.change("3", "Tina", ADA, {"points": 1})
    assert marks(tmp_path)["ada", "why"] == (1, "Hm.")


def test_an_answer_is_as_graded_again_after_its_mark_is_withdrawn(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", BEN, {"points": 1})
    review.change("2", "Tina", BEN, {"clear": True})
    assert marks(tmp_path) == {}
    assert review.state(BEN).empty


def test_changes_are_undone_and_made_again_even_after_a_restart(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    review.change("2", "Tina", ADA, {"points": 2})
    review = store(tmp_path)
    review.undo("3", "Tina")
    assert marks(tmp_path)["ada", "why"] == (1, "")
    review.undo("4", "Tina")
    assert marks(tmp_path) == {}
    assert review.undo("5", "Tina") == "There is nothing to undo."
    review = store(tmp_path)
    review.undo("6", "Tina", again=True)
    review.undo("7", "Tina", again=True)
    assert marks(tmp_path)["ada", "why"] == (2, "")


def test_undo_keeps_what_somebody_else_changed_since(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    review.change("2", "Tom", ADA, {"points": 3})
    assert "somebody else" in review.undo("3", "Tina")
    assert marks(tmp_path)["ada", "why"] == (3, "")
    assert review.undo("4", "Tina") == "There is nothing to undo."


def test_the_same_change_sent_again_is_made_once(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    review.change("2", "Tina", ADA, {"points": 2})
    review.change("1", "Tina", ADA, {"points": 1})
    assert marks(tmp_path)["ada", "why"] == (2, "")


def test_a_mark_that_was_changed_elsewhere_counts(tmp_path):
    review = store(tmp_path)
    review.change_rubric("r", "Tina", WHY, RUBRIC)
    review.change("1", "Tina", ADA, {"item": "pairs", "on": True})
    text = (tmp_path / STORED).read_text()
    (tmp_path / STORED).write_text(text.replace(",2,", ",2.75,"))
    review.refresh()
    assert (review.state(ADA).points, review.state(ADA).items) == (2.75, ())
    (tmp_path / STORED).write_text(text.splitlines()[0] + "\n")
    review.refresh()
    assert review.state(ADA).empty
    assert [one.kind for one in review.changes][-2:] == ["file", "file"]


def test_marks_of_others_and_of_other_exercises_stay_in_the_file(tmp_path):
    (tmp_path / STORED).write_text("student,exercise,answer,points,comment\nzoe,other,x,1,Yes.\n")
    store(tmp_path).change("1", "Tina", ADA, {"points": 1})
    assert marks(tmp_path)["zoe", "x"] == (1, "Yes.")


def test_each_mark_says_who_gave_it(tmp_path):
    store(tmp_path).change("1", "Tina", ADA, {"points": 1})
    other = store(tmp_path)
    other.change("2", "Tom", BEN, {"points": 2})
    assert (other.state(ADA).by, other.state(BEN).by) == ("Tina", "Tom")
    assert [one.source for one in read_hand_marks(tmp_path / STORED)] == [
        "Tina (review)",
        "Tom (review)",
    ]


@pytest.mark.parametrize(
    "patch", [{"points": "2"}, {"points": float("nan")}, {"points": True}, {"other": 1}, {}]
)
def test_what_is_no_change_changes_nothing(tmp_path, patch):
    review = store(tmp_path)
    with pytest.raises((ValueError, KeyError)):
        review.change("1", "Tina", ADA, patch)
    assert not (tmp_path / STORED).exists()


def test_any_comment_comes_back_as_it_was_written(tmp_path):
    text = '=1+1, "quoted"\nand a second line; Zoë 李'
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    review.change("2", "Tina", ADA, {"comment": text})
    assert marks(tmp_path)["ada", "why"] == (1, text)
    assert store(tmp_path).state(ADA).comment == text


def test_long_comments_are_kept_whole_and_the_file_can_be_read(tmp_path):
    long = Rubric(tuple(Item(str(n), 0.1, f"{n} " + "x" * 9_990) for n in range(12)))
    review = store(tmp_path)
    review.change("1", "Tina", BEN, {"comment": "🦊" * 10_000})
    assert marks(tmp_path)["ben", "why"] == (3, "🦊" * 10_000)
    review.change_rubric("r", "Tina", WHY, long)
    for item in long.items:
        review.change(f"item {item.id}", "Tina", ADA, {"item": item.id, "on": True})
    assert marks(tmp_path)["ada", "why"][1].startswith(f"{long.items[0].comment} 1 xxx")
    assert len(store(tmp_path).state(ADA).items) == 12


def test_half_a_line_in_the_journal_is_no_change(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'{"id": "2", "kind": "mark", "wh')
    again = store(tmp_path)
    again.change("3", "Tina", BEN, {"points": 2})
    assert store(tmp_path).state(BEN).by == "Tina"
    assert store(tmp_path).state(ADA).by == "Tina"


def test_a_damaged_rubric_is_named_and_not_replaced(tmp_path):
    (tmp_path / RUBRICS).write_text("{")
    with pytest.raises(InvalidArgument, match=r"rubric\.json is damaged"):
        store(tmp_path)
    assert (tmp_path / RUBRICS).read_text() == "{"


def test_a_rubric_can_be_taken_along_to_another_results_folder(tmp_path):
    store(tmp_path).change_rubric("r", "Tina", WHY, RUBRIC)
    plain = json.loads((tmp_path / RUBRICS).read_text())
    assert plain["sums"]["why"]["items"][0]["comment"] == "Pairs found."
    other = tmp_path / "other"
    other.mkdir()
    (other / RUBRICS).write_text(json.dumps(plain))
    assert store(other).rubric(ADA) == RUBRIC


def test_a_review_and_marks_from_a_file_do_not_lose_each_other(tmp_path):
    review = store(tmp_path)
    review.change("1", "Tina", ADA, {"points": 1})
    stored = read_hand_marks(tmp_path / STORED)
    store_marks(tmp_path, [*stored, *[_other(stored[0])]])
    review.change("2", "Tina", ADA, {"points": 2})
    assert marks(tmp_path) == {("ada", "why"): (2, ""), ("ben", "total"): (0.5, "")}


def _other(mark):
    return type(mark)("ben", "sums", "total", 0.5, source="marks.csv")


#: One teacher's process: changes one mark after another, and says which are saved.
_TEACHER = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from grading.reviewed_class import store
who, student, count = sys.argv[2], sys.argv[3], int(sys.argv[4])
review = store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for n in range(count):
    place = (student, "sums", ["total", "odd", "n_odd", "why"][n % 4])
    review.change(f"{{who}}-{{n}}", who, place, {{"comment": f"{{n}} by {{who}}"}})
    review.change(f"{{who}}-{{n}}p", who, place, {{"points": 1}})
    print(n, flush=True)
"""


def teacher(folder: Path, who: str, student: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-c", _TEACHER.format(tests=str(ROOT / "tests"))),
            *(str(folder), who, student, str(count)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def begin(*processes: subprocess.Popen[str]) -> None:
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()


@pytest.mark.slow
def test_two_teachers_at_the_same_time_lose_nothing(tmp_path):
    both = teacher(tmp_path, "Tina", "ada", 60), teacher(tmp_path, "Tom", "ben", 60)
    begin(*both)
    assert [one.communicate()[0].split()[-1] for one in both] == ["59", "59"]
    assert marks(tmp_path) == {
        (student, answer): (1, f"{n} by {who}")
        for student, who in [("ada", "Tina"), ("ben", "Tom")]
        for n, answer in zip(range(56, 60), ["total", "odd", "n_odd", "why"], strict=True)
    }
    lines = (tmp_path / JOURNAL).read_text().splitlines()
    assert len([json.loads(line) for line in lines]) >= 2 * (60 + 4)


@pytest.mark.slow
def test_nothing_that_was_saved_is_lost_when_the_process_is_killed(tmp_path):
    for turn in range(4):
        who = f"Tina{turn}"
        process = teacher(tmp_path, who, "ada", 10_000)
        begin(process)
        assert process.stdout is not None
        for _ in range(5 + turn):
            saved = int(process.stdout.readline())
        time.sleep(0.003 * turn)
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0].split()
        saved = int(rest[-1]) if rest and rest[-1].isdigit() else saved
        review = store(tmp_path)
        place = ("ada", "sums", ["total", "odd", "n_odd", "why"][saved % 4])
        number, _, by = review.state(place).comment.partition(" by ")
        # A later change of the same mark may have been written, but not told.
        assert by == who
        assert int(number) in (saved, saved + 4)
        review.change(f"after-{turn}", "Tom", ("ben", "sums", "why"), {"points": turn / 2})
        assert marks(tmp_path)["ben", "why"] == (turn / 2, "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_that_was_saved_is_lost_when_the_power_fails(tmp_path, monkeypatch):
    folder = tmp_path / "results"
    folder.mkdir()
    disk = Disk(folder, monkeypatch)
    review = store(folder)
    changes = [
        lambda id: review.change_rubric(id, "Tina", WHY, RUBRIC),
        lambda id: review.change(id, "Tina", ADA, {"item": "pairs", "on": True}),
        lambda id: review.change(id, "Tina", ADA, {"comment": "Well put."}),
        lambda id: review.change(id, "Tom", BEN, {"points": 1}),
        lambda id: review.look(id, "Tina", [("task", "sums.why")]),
        lambda id: review.answer_request(id, "Tina", "r1", True),
        lambda id: store_requests(folder, [Request(id, "ada", "sums", "1.3", "Why?")]),
        lambda id: review.undo(id, "Tina"),
        lambda id: review.undo(id, "Tina", again=True),
        lambda id: review.change(id, "Tom", BEN, {"clear": True}),
    ]
    for number, change in enumerate(changes):
        change(str(number))
        left = disk.after_power_off(tmp_path / f"left-{number}")
        again = store(left)
        for place in (ADA, BEN):
            assert again.state(place) == review.state(place)
            assert again.mark(place) == review.mark(place)
        assert again.rubrics == review.rubrics
        assert (again.looked, again.answered) == (review.looked, review.answered)
        assert stored_requests(left) == stored_requests(folder)

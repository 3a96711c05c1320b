"""How learning systems name what students hand in.

Each system names the files or folders of its export by its own rule, in which students choose the
end at most. A single name proves nothing, since a student can choose one that looks like that of
another: an export is of a system if all its notebooks are named by the system's rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from microns_widgets.grading.untrusted_text import plain

#: What says whose a file is: the system's structure; a folder; the names of all files, which
#: students can choose; or nothing, since files are called anyhow.
Evidence = Literal["system", "folder", "name", "nothing"]


@dataclass(frozen=True)
class Owner:
    """Whose a file is, as the structure of an export says.

    Attributes
    ----------
    who : str
        The student's id in the system, or the name of a folder or file.
    name : str
        Name for display.
    evidence : str
        ``system``, ``folder``, ``name`` or ``nothing``.
    internal : bool
        Whether `who` is a number of the system's own, which no student knows or types.
    email : str
        If the system provides it.
    others : tuple of str
        Other ids that may be the student's, if the rule leaves a choice; the most specific first.
        In a roster they count before `who`.
    late : bool
        Whether the system marks it as late.
    time, attempt : float, int
        When it was handed in, in seconds since 1970, and a number that grows with each attempt; 0
        if the system does not say.
    utc : bool
        Whether `time` is counted in UTC; if not, in the time zone of the export, as if it were UTC.
    file : str
        The file's own name, as the student called it; empty if the rule names a folder.
    partners : tuple of Owner
        Who else handed it in, if it is the work of a group.
    """

    who: str
    name: str
    evidence: Evidence = "system"
    internal: bool = False
    email: str = ""
    others: tuple[str, ...] = ()
    late: bool = False
    time: float = 0.0
    attempt: int = 0
    utc: bool = False
    file: str = ""
    partners: tuple[Owner, ...] = ()

    @property
    def chosen(self) -> bool:
        """Whether the student may have chosen what says whose it is."""
        return self.evidence in ("name", "nothing")


@dataclass(frozen=True)
class LearningSystem:
    """The rule by which a learning system names one level of its export.

    Attributes
    ----------
    name : str
        Name of the system.
    pattern : re.Pattern
        Matches the name of a file or folder as a whole.
    owner : callable
        Returns the owner from a match.
    """

    name: str
    pattern: re.Pattern[str]
    owner: Callable[[re.Match[str]], Owner]


def _canvas(match: re.Match[str]) -> Owner:
    return Owner(
        match["id"] or match["anonymous"],
        plain(match["name"] or match["anonymous"]),
        internal=True,
        late=bool(match["late"]),
        attempt=int(match["attachment"] or 0),
        file=match["file"] or "",
    )


def _moodle(match: re.Match[str]) -> Owner:
    return Owner(match["id"], plain(match["name"]), internal=True, file=match["file"] or "")


def _brightspace(match: re.Match[str]) -> Owner:
    others = (match["org"],) if match["org"] else ()
    time = _time(re.sub(r"\s+", " ", match["time"]).title(), "%b %d, %Y %I%M %p")
    name = plain(match["name"])
    return Owner(match["id"], name, "system", True, "", others, time=time, file=match["file"] or "")


def _blackboard(match: re.Match[str]) -> Owner:
    words = match["start"].split("_")
    # A username may contain underscores, and so may the name of the assignment before it.
    others = tuple("_".join(words[n:]) for n in range(1, len(words) - 1))
    time = _time(match["time"], "%Y-%m-%d-%H-%M-%S")
    return Owner(words[-1], plain(words[-1]), others=others, time=time, file=match["file"] or "")


#: In Canvas's and Moodle's rules the name is cleaned such that the number after it is the first.
LEARNING_SYSTEMS = (
    # canvas-lms/lib/content_zipper.rb, `get_filename` and `add_upload_submission`: sortable name in
    # lower case without spaces, "LATE", user id, attachment id, name of the file; anonymous:
    # "anon_" and an id. A file that is handed in again is called "-1", "-2" and so on.
    LearningSystem(
        "Canvas",
        re.compile(
            r"(?:(?P<name>.+?)_(?P<late>LATE_|late_)?(?P<id>\d+)"
            r"|(?:LATE_)?anon_(?P<anonymous>[A-Za-z0-9]{5}))"
            r"_(?:(?P<attachment>\d+)_(?P<file>.+)|(?:text|link)\.html)"
        ),
        _canvas,
    ),
    # moodle/mod/assign/classes/downloader.php, `get_student_prefix` and
    # `load_submissionplugin_filelist`: full name without underscores, id of the participant,
    # "assignsubmission", plugin; then the file's name, or a folder.
    LearningSystem(
        "Moodle",
        re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?"),
        _moodle,
    ),
    # "39786-640693 - Ada Lovelace - Oct 10, 2025 1022 AM": a folder, or the start of a file's name.
    # So do programs read it that sort Brightspace's downloads: cqc_cpcc.utilities.zip_grading_utils
    # and, with the student number in between, `submitted_report_filename_pattern`.
    LearningSystem(
        "Brightspace",
        re.compile(
            r"(?P<id>\d+)-\d+ ?- (?:(?P<org>[A-Za-z]?\d{4,}) ?- )?(?P<name>.+?) ?- "
            r"(?P<time>\w{3,4}\.? \d{1,2}, \d{4} \d{3,4} [APap][Mm])(?: ?- (?P<file>.+))?"
        ),
        _brightspace,
    ),
    # nbgrader's documentation of `zip_collect`: ps1_bitdiddle_attempt_2016-01-30-15-00-00_x.ipynb;
    # in Dutch "poging". Beside it lies a text without the file's name.
    LearningSystem(
        "Blackboard",
        re.compile(
            r"(?P<start>.+?)_(?:attempt|poging)_(?P<time>\d{4}(?:-\d\d){5})"
            r"(?:_(?P<file>.+)|\.txt)"
        ),
        _blackboard,
    ),
)

#: Gradescope: a folder for each submission, and a list of them beside the folders.
_SUBMISSION = re.compile(r"submission_(?P<id>\d+)")
GRADESCOPE_LIST = "submission_metadata.yml"
_SUBMITTER = re.compile(r"^\s+(?P<first>-\s+)?:(?P<what>name|email|sid):\s*(?P<value>.+)$")
_CREATED = re.compile(r"^  :created_at:\s*['\"]?(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)")


def gradescope(people: Mapping[str, list[dict[str, str]]]) -> LearningSystem:
    """Return Gradescope's rule, with the people in its list.

    Parameters
    ----------
    people : mapping
        From `read_gradescope_list`.
    """

    def owner(match: re.Match[str]) -> Owner:
        submitters = people.get(match[0]) or [{}]
        time = _time(submitters[0].get("time", ""), "%Y-%m-%d %H:%M:%S")
        first, *partners = (
            Owner(
                one.get("sid") or one.get("email") or match["id"],
                one.get("name", match["id"]),
                email=one.get("email", ""),
                time=time,
                attempt=int(match["id"]),
                utc=True,
            )
            for one in submitters
        )
        return replace(first, partners=tuple(partners))

    return LearningSystem("Gradescope", _SUBMISSION, owner)


def read_gradescope_list(text: str) -> dict[str, list[dict[str, str]]]:
    """Read the students of each submission from ``submission_metadata.yml``.

    Only the list of submitters and the time are read: what else it contains, such as the output
    of tests, students can choose.

    Parameters
    ----------
    text : str
        The file. Its form is that of Gradescope's "Export Submissions": submission, then
        ``:submitters:`` with ``:name:``, ``:sid:`` and ``:email:``, ``:created_at:``, results.
    """
    people: dict[str, list[dict[str, str]]] = {}
    current: list[dict[str, str]] = []
    within = False
    for line in text.splitlines():
        if line[:1] not in ("", " "):
            current = people.setdefault(line.rstrip().removesuffix(":"), [])
            within = True
        elif re.match(r"^  [^\s-]", line):
            within = line.strip() == ":submitters:"
            if (created := _CREATED.match(line)) and current:
                current[0]["time"] = created["time"].replace("T", " ")
        elif within and (match := _SUBMITTER.match(line)):
            value = plain(match["value"].strip().strip("'\""))
            if match["first"] or not current or match["what"] in current[-1]:
                current.append({})
            current[-1].setdefault(match["what"], value)
    return people


def _time(text: str, form: str) -> float:
    # All times of an export are in the same zone, and are only compared with each other.
    try:
        return (datetime.strptime(text, form) - datetime(1970, 1, 1)).total_seconds()
    except ValueError:
        return 0.0

"""What a sandbox provides and returns, and the message if none is available."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from grading.attacks.graders import LIMITS
from grading.attacks.world import KEY
from grading.in_sandbox import run, value

from microns_widgets.grading.sandbox import bubblewrap
from microns_widgets.grading.sandbox.interpreter import Interpreter

pytestmark = pytest.mark.slow

_FOLDERS = ("HOME", "TMPDIR", "MPLCONFIGDIR")


#: Writes wherever something might stay, and counts what an earlier run has left there.
_MARKS = f"""
import os, tempfile
from pathlib import Path
places = [os.environ[name] for name in {_FOLDERS!r}] + ['/tmp', '/dev/shm', '/var/tmp', '.']
a1 = sum(Path(place, 'mark').exists() for place in places)
for place in places:
    try:
        Path(place, 'mark').write_text('was here')
    except OSError:
        pass
a2 = sum(Path(place, 'mark').exists() for place in places)
"""


@pytest.mark.usefixtures("with_bubblewrap")
def test_nothing_of_one_submission_is_there_for_the_next():
    first, second = run(_MARKS), run(_MARKS)
    assert value(first, 1) == value(second, 1) == 0
    assert value(first, 2) > 0


@pytest.fixture
def open_temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files that other users reach, and no other test."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)
        monkeypatch.undo()


def test_a_separate_user_leaves_no_folder_and_no_process(
    with_separate_user: Interpreter, open_temporary: Path
):
    nested = "import os\nfor _ in range(2000):\n    os.mkdir('d')\n    os.chdir('d')\na1 = 1"
    stays = "import os, time\nif os.fork() == 0:\n    time.sleep(60)\na2 = os.getuid()"
    # A busy machine takes its time to make 2000 folders; the limit is not what this is about.
    limits = replace(LIMITS, cell_seconds=20)
    done = run(nested, stays, limits=limits, sandbox="user", interpreter=with_separate_user)
    assert value(done, 1) == 1
    owners = {path.stat().st_uid for path in Path("/proc").glob("[0-9]*")}
    assert value(done, 2) not in owners
    assert list(open_temporary.iterdir()) == []


@pytest.mark.usefixtures("with_bubblewrap")
def test_what_must_not_be_seen_is_hidden_in_a_folder_that_is_handed_in(tmp_path):
    data = tmp_path / "data"
    (data / "solutions").mkdir(parents=True)
    (data / "solutions" / "key.txt").write_text("24601")
    (data / "table.txt").write_text("7")
    cells = [
        f"a{n} = int(open({str(data / name)!r}).read())"
        for n, name in ((1, "table.txt"), (2, "solutions/key.txt"))
    ]
    done = run(*cells, data=data, hidden=(data / "solutions",))
    assert (value(done, 1), value(done, 2)) == (7, "missing")


@pytest.mark.usefixtures("with_bubblewrap")
def test_an_answer_that_is_too_large_is_told_and_costs_itself():
    done = run("a1 = 1", "a2 = type('Long', (str,), {})('9' * 300_000)", "a3 = 3")
    taken = done.answers["attack.q2"]["a2"]
    assert taken["state"] in ("failed", "too large")
    assert taken["why"]
    assert (value(done, 1), value(done, 3)) == (KEY["q1"], KEY["q3"])


_AS_SOMEBODY = """
import json, sys
from grading.test_sandbox import run, value
done = run("a1 = 1", "import os\\na2 = os.getuid()", "open('/etc/passwd')\\na3 = 3")
print(json.dumps([value(done, number) for number in (1, 2, 3)]))
"""


@pytest.mark.usefixtures("with_bubblewrap")
def test_an_ordinary_user_has_bubblewrap_too(open_interpreter: Interpreter, tmp_path: Path):
    nobody = 65534
    tests = Path(__file__).parents[1]
    packages = [str(path) for path in open_interpreter.packages]
    path = [str(tests), str(open_interpreter.package.parent), *packages]
    become = {"user": nobody, "group": nobody, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        told = subprocess.run(
            [str(open_interpreter.executable), "-B", "-c", _AS_SOMEBODY],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "HOME": home}
            | {"MPLCONFIGDIR": home, "MICRONS_CACHE": f"{home}/cache"},
            cwd="/",
            capture_output=True,
            text=True,
            **become,
        )
    if "bubblewrap fails here" in told.stderr:
        pytest.skip("this machine gives namespaces to root alone")
    assert told.returncode == 0, told.stderr
    user = nobody if become else os.getuid()
    assert json.loads(told.stdout) == [1, user, "missing"]


def test_a_package_that_root_alone_can_read_is_told(monkeypatch, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root becomes another user inside")
    private = tmp_path / "microns_widgets"
    private.mkdir(mode=0o700)
    own = replace(Interpreter.own(), package=private)
    monkeypatch.setattr(Interpreter, "own", classmethod(lambda _: own))
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda _: sys.executable)
    assert f"chmod -R a+rX {private}" in bubblewrap.obstacle()

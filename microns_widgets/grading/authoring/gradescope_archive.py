"""Writes the archive for Gradescope: two scripts, the package, the master and the public file.

Gradescope runs ``setup.sh`` once, when the archive is uploaded, and ``run_autograder`` for each
submission; it reads ``results/results.json``.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from microns_widgets._files import whole_file
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.authoring.own_wheel import own_wheel
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.notebook_json import as_json

#: The same time in each archive, so that the same exercise always has the same bytes.
_TIME = (2020, 1, 1, 0, 0, 0)

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once: the package, the sandbox, and the keys of all variants.
set -euo pipefail
root="${{AUTOGRADER:-/autograder}}"
export MICRONS_CACHE="$root/cache"
apt-get update
apt-get install -y bubblewrap python3-venv
# The image's Python may be older than 3.11.
python="$(command -v python3.13 || command -v python3.12 || command -v python3.11 || true)"
if [ -z "$python" ]; then
    apt-get install -y python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv "$root/venv"
# The package comes from this archive and is checked against its hash; only its dependencies come
# from an index, where another package could have its name.
"$root/venv/bin/pip" install \\
    "microns-widgets[grading] @ file://$root/source/{wheel}#sha256={digest}"
"$root/venv/bin/microns" keys "$root/source/solutions/{name}.ipynb" \\
    --exercises "$root/source/exercises"
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission.
set -euo pipefail
root="${{AUTOGRADER:-/autograder}}"
export MICRONS_CACHE="$root/cache"
"$root/venv/bin/microns" grade "$root/submission" \\
    --solutions "$root/source/solutions" --exercises "$root/source/exercises" \\
    --out "$(mktemp -d)" --gradescope "$root/results/results.json"
"""


def archive(master: Master, exercise: Exercise, folder: Path) -> Path:
    """Write the archive of an exercise, to upload as Gradescope's autograder.

    Parameters
    ----------
    master : Master
        Its master.
    exercise : Exercise
        Its public file, with the cells that were given out.
    folder : path
        Where ``<exercise>-gradescope.zip`` is written. It contains the solutions: keep it
        private.

    Returns
    -------
    path
        The archive.
    """
    wheel, package = own_wheel()
    digest = hashlib.sha256(package).hexdigest()
    words = {"wheel": wheel, "digest": digest, "name": exercise.name}
    files: dict[str, tuple[str | bytes, int]] = {
        "setup.sh": (_SETUP.format(**words), 0o755),
        "run_autograder": (_RUN.format(**words), 0o755),
        f"solutions/{exercise.name}.ipynb": (master.path.read_text(encoding="utf-8"), 0o644),
        f"exercises/{exercise.name}.json": (as_json(exercise.to_json()), 0o644),
        wheel: (package, 0o644),
    }
    path = folder / f"{exercise.name}-gradescope.zip"
    with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w") as zipped:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            # Unix, a regular file, and its permissions.
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    return path

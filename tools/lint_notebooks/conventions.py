"""The values that the rules compare with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).parents[2]
_DEFAULT_REPOSITORY = "https://github.com/microns-widgets/microns-widgets"

# Positions of a notebook's first code cells, after the title.
INSTALL, DATA = 1, 2
MAX_LINES = 25
MAX_WIDTH = 100
MINUTES_PER_CHECK = 15
MIN_WORDS_OF_ALT = 6
BULLETS_IN_SHORT = range(3, 6)

# Objectives with these words cannot be tested: nobody can observe whether they are reached.
UNTESTABLE = (
    "understand",
    "know",
    "learn",
    "learn about",
    "appreciate",
    "grasp",
    "be familiar with",
    "become familiar with",
    "get familiar with",
    "be aware of",
    "be introduced to",
    "have an idea of",
    "get a feeling for",
    "gain insight into",
    "comprehend",
)
# Too weak as the first verb of an objective, but acceptable later in the line.
UNTESTABLE_FIRST = ("see", "explore", "discover", "consider", "think", "realise", "realize", "look")

VERSION = 'VERSION = os.environ.get("MICRONS_VERSION", "sample")'

# The services that texts may name; one typed by hand for another dataset does not pass.
DATA_SERVICES = (
    "https://global.daf-apis.com",
    "https://minnie.microns-daf.com",
    "https://spelunker.cave-explorer.org",
    "https://bossdb-open-data.s3.amazonaws.com/iarpa_microns",
)
OF_A_DATA_SERVICE = re.compile(
    r"daf-apis|microns-daf|em\.brain\.allentech|cave-explorer\.org|amazonaws|storage\.googleapis"
)


def repository_url(root: Path = ROOT) -> str:
    """Return the repository's address: `_config.yml` has it, in one place for all."""
    config = root / "_config.yml"
    if not config.exists():
        return _DEFAULT_REPOSITORY
    return str(yaml.safe_load(config.read_text(encoding="utf-8"))["repository"]["url"]).rstrip("/")


def site_url(repository: str) -> str:
    """Return the address of the course's site, which GitHub derives from the repository's."""
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"https://{owner}.github.io/{name}/"


def wheel_url(repository: str, root: Path = ROOT) -> str:
    """Return the address of this version's wheel: it stays on the site beside later ones."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wheel = f"microns_widgets-{project['version']}-py3-none-any.whl"
    return f"{site_url(repository)}wheels/{wheel}"


def install_cell(repository: str) -> str:
    """Return the first code cell of every notebook."""
    return f"""\
# Colab does not have the package: this cell installs it there and replaces nothing. Elsewhere it \
does nothing.
# [cave] adds caveclient, for live data; it needs pandas 2.
# If its address is gone (HTTP error 404), get the current notebook from {site_url(repository)}
import importlib.util

if importlib.util.find_spec("microns_widgets") is None:
    %pip install --quiet "microns-widgets[cave] @ {wheel_url(repository)}\""""

"""The values that the rules compare with."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).parents[2]
_DEFAULT_REPOSITORY = "https://github.com/microns-widgets/microns-widgets"

# Where a notebook's first cells stand: after the title.
INSTALL, DATA = 1, 2
MAX_LINES = 25
MAX_WIDTH = 100
MINUTES_PER_CHECK = 15
MIN_WORDS_OF_ALT = 6
BULLETS_IN_SHORT = range(3, 6)

# Nobody can see from outside whether these have been reached.
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
# These are too weak as what one will be able to do, but may stand further on in a line.
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


def install_cell(repository: str) -> str:
    """Return the first code cell of every notebook."""
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"""\
# Colab does not have the package: this installs it there, and replaces nothing. \
Elsewhere it does nothing.
import importlib.util

if importlib.util.find_spec("microns_widgets") is None:
    %pip install --quiet microns-widgets --find-links https://{owner}.github.io/{name}/wheels/"""

"""What the package asks for installs beside what Colab ships, replacing nothing."""

from __future__ import annotations

from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: The versions installed in the environment that imitates Colab.
COLAB = dict(
    line.split("==")
    for line in (Path(__file__).parents[1] / "browser" / "colab-versions.txt").read_text().split()
    if "==" in line
)


def plain_dependencies() -> dict[str, Requirement]:
    asked = [Requirement(text) for text in requires("microns-widgets") or []]
    return {canonicalize_name(own.name): own for own in asked if own.marker is None}


@pytest.mark.parametrize("name", COLAB)
def test_colabs_version_is_accepted(name):
    own = plain_dependencies().get(name)
    assert own is None or own.specifier.contains(COLAB[name])


def test_the_imitation_has_what_colab_brings_of_the_dependencies():
    assert len(plain_dependencies().keys() & COLAB.keys()) > 10


def test_both_pandas_are_accepted_and_caveclients_limit_holds_only_with_the_extra():
    own = plain_dependencies()
    assert own["pandas"].specifier.contains("2.2.3")
    assert own["pandas"].specifier.contains("3.1.1")
    assert "caveclient" not in own
    [asked] = [text for text in requires("microns-widgets") or [] if "caveclient" in text]
    assert Requirement(asked).marker.evaluate({"extra": "cave"})
    # Version 5.21 has no limit on pandas, so with pandas 3 pip would go back to it.
    assert not Requirement(asked).specifier.contains("5.21.0")


@pytest.mark.parametrize(
    "heavy",
    [
        "skeleton-plot",
        "standard-transform",
        "duckdb",
        "dask",
        "jupyter-book",
        "jupyterlab",
        "navis",
        "networkx",
    ],
)
def test_what_few_need_is_an_extra(heavy):
    assert heavy not in {name.replace("_", "-") for name in plain_dependencies()}

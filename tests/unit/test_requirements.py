"""What the package asks for installs beside what Colab ships, replacing nothing."""

from __future__ import annotations

from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

#: Colab's versions in August 2026.
COLAB = {
    "pandas": "2.2.3",
    "numpy": "2.1.3",
    "pyarrow": "18.1.0",
    "ipywidgets": "7.7.1",
    "anywidget": "0.9.21",
    "jinja2": "3.1.6",
    "matplotlib": "3.10.0",
    "scipy": "1.14.1",
    "seaborn": "0.13.2",
    "platformdirs": "4.3.8",
    "tqdm": "4.67.1",
    "rich": "13.9.4",
    "typer": "0.16.0",
}


def plain_dependencies() -> dict[str, Requirement]:
    asked = [Requirement(text) for text in requires("microns-widgets") or []]
    return {own.name.lower(): own for own in asked if own.marker is None}


@pytest.mark.parametrize("name", COLAB)
def test_colabs_version_is_accepted(name):
    own = plain_dependencies().get(name)
    assert own is None or own.specifier.contains(COLAB[name])


def test_caveclient_is_held_where_pandas_2_is_its_own():
    own = plain_dependencies()
    assert not own["caveclient"].specifier.contains("5.21.0")
    assert not own["pandas"].specifier.contains("3.0.0")


@pytest.mark.parametrize("heavy", ["skeleton-plot", "duckdb", "dask", "jupyter-book", "jupyterlab"])
def test_what_few_need_is_an_extra(heavy):
    assert heavy not in {name.replace("_", "-") for name in plain_dependencies()}

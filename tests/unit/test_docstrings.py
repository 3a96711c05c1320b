"""The examples in docstrings run and give what they say, with `mw` and the sample as `con`."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import microns_widgets as mw

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(mw.__path__, "microns_widgets.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", ["microns_widgets", *MODULES])
def test_the_examples_of_a_module_run(name, sample, tmp_path, monkeypatch):
    pytest.importorskip("duckdb", reason="needs the extra 'scale'")
    if name.endswith("quiet_client"):
        pytest.importorskip("caveclient", reason="needs the extra 'cave'")
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    names = {"mw": mw, "con": sample, "Path": Path}
    result = doctest.testmod(
        module,
        extraglobs=names,
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert result.failed == 0

"""Time to import the package and to open the sample, compared with importing pandas."""

from __future__ import annotations

import importlib

from benchmarks.step import Step, Work, Workload


def import_pandas(_: Workload) -> Work:
    return Work(lambda: importlib.import_module("pandas"), _nothing)


def import_package(_: Workload) -> Work:
    return Work(lambda: importlib.import_module("microns_widgets"), _nothing)


def import_with_load(_: Workload) -> Work:
    # The package imports a module when one of its names is used; `load` needs most of them.
    return Work(lambda: importlib.import_module("microns_widgets").load, _nothing)


def open_sample(_: Workload) -> Work:
    return Work(lambda: importlib.import_module("microns_widgets").load(quiet=True), _nothing)


def _nothing(_: object) -> None:
    return None


# "Less than 1.5 times the time of pandas", as a ratio.
_TARGET = 1 / 1.5
#: With the tables of the sample read, checked and indexed: at most 1.3 times.
_OPENING_TARGET = 1 / 1.3

STEPS = (
    Step("import", import_pandas, import_package, _TARGET, fresh=True),
    Step("import with its `load`", import_pandas, import_with_load, _TARGET, fresh=True),
    Step("open the sample", import_pandas, open_sample, _OPENING_TARGET, fresh=True),
)

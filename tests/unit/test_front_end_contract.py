"""The front end's constants are those of the package."""

from __future__ import annotations

import pytest

from microns_widgets.connectome import Connectome
from microns_widgets.tables.reading import CELL_COLUMNS
from microns_widgets.widgets._matrix_data import TEXT_COLUMNS
from microns_widgets.widgets._picker_table import COLUMNS, picker_table
from tools.front_end_contract import CONTRACT, Constant, _declaration, constants, contract


def test_the_front_end_has_the_constants_of_the_package():
    assert CONTRACT.read_text(encoding="utf-8") == contract(), (
        "frontend/src/shared/contract.ts is out of date: run `python -m tools.front_end_contract`."
    )


def test_every_constant_has_a_name_of_its_own():
    names = [constant.name for constant in constants()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (20_000, "export const X = 20_000;"),
        (5.0, "export const X = 5;"),
        (-30.5, "export const X = -30.5;"),
        ("µm", 'export const X = "µm";'),
        ((), "export const X = [] as const;"),
        (("a", "b"), 'export const X = ["a", "b"] as const;'),
        (
            {"a": None, "b c": ("d",)},
            'export const X = {\n  a: null,\n  "b c": ["d"],\n} as const;',
        ),
    ],
)
def test_values_are_written_as_biome_formats_them(value, expected):
    assert _declaration(Constant("X", "a constant", value)) == f"/** a constant */\n{expected}\n"


def test_a_long_list_has_one_item_per_line():
    labels = [f"label_{number}" for number in range(12)]
    lines = _declaration(Constant("X", "labels", labels)).splitlines()
    assert lines[1:3] == ["export const X = [", '  "label_0",']
    assert lines[-1] == "] as const;"


def test_the_pickers_columns_are_those_of_its_table(cells, synapses):
    table = picker_table(Connectome(cells, synapses))
    assert tuple(table)[: len(COLUMNS)] == COLUMNS


def test_the_explorers_columns_are_columns_of_the_cell_table():
    assert set(TEXT_COLUMNS) <= set(CELL_COLUMNS)

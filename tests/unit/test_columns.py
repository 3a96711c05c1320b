"""Tables packed for the front end, read back by the layout's description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microns_widgets.errors import TableError
from microns_widgets.widgets.columns import pack

FIXTURES = Path(__file__).parents[2] / "frontend" / "test" / "fixtures"


def read(block: bytes) -> dict[str, list[Any]]:
    """Read a block as the front end does; missing is None."""
    assert block[:4] == b"MWC1"
    start = 8 + int.from_bytes(block[4:8], "little")
    header = json.loads(block[8:start])
    assert start % 8 == 0
    table = {}
    for entry in header["columns"]:
        assert entry["at"] % 8 == 0
        values = np.frombuffer(
            block, np.dtype(entry["type"]).newbyteorder("<"), header["rows"], start + entry["at"]
        )
        table[entry["name"]] = [_plain(entry, value) for value in values]
    return table


def _plain(entry: dict[str, Any], value: Any) -> Any:
    match entry["kind"]:
        case "text":
            return None if value < 0 else entry["labels"][value]
        case "flag":
            return None if value == 255 else bool(value)
        case _:
            return None if value != value else value.item()


def every_kind() -> pd.DataFrame:
    """Table with each kind of column, missing values and awkward text."""
    return pd.DataFrame(
        {
            "pt_root_id": np.array([864691135101289504, 864691135101289505, 0, 2**63 - 1]),
            "depth": [123.5, np.nan, -1e300, 0.1],
            "radius": np.array([0.5, 1.5, np.nan, 2.5], dtype=np.float32),
            "layer": np.array([1, 23, 4, 5], dtype=np.int64),
            "synapses": np.array([-70000, 2**31 - 1, 0, 1], dtype=np.int64),
            "nucleus": pd.array([2**53, None, 0, 1], dtype="Int64"),
            "cell_type": ["BC", "<img src=x onerror=alert(1)>", None, ""],
            "region": pd.Categorical(["V1", None, "RL", "V1"], categories=["V1", "RL", "äöü 皮质"]),
            "proofread": [True, False, True, False],
            "manual": pd.array([True, None, False, None], dtype="boolean"),
        }
    )


def test_every_kind_of_column_comes_back_as_it_went() -> None:
    frame = every_kind()
    table = read(pack(frame, ids=["pt_root_id"]))
    expected = frame.astype(object).where(frame.notna(), None)
    assert table == {name: expected[name].tolist() for name in frame}


def test_the_front_ends_tests_read_what_is_packed_here() -> None:
    # To renew both files after a change of the layout: python tests/unit/test_columns.py
    block = pack(every_kind(), ids=["pt_root_id"])
    assert (FIXTURES / "table.bin").read_bytes() == block
    rows = json.loads((FIXTURES / "table.json").read_text(encoding="utf-8"))
    assert rows == [{**row, "pt_root_id": str(row["pt_root_id"])} for row in _rows(block)]


def test_100_000_random_ids_come_back_exactly(rng: np.random.Generator) -> None:
    ids = rng.integers(0, 2**63, 100_000)
    assert read(pack({"id": ids}, ids=["id"]))["id"] == ids.tolist()


@given(st.lists(st.integers(-(2**53), 2**53), max_size=30))
def test_whole_numbers_are_exact_up_to_the_precision_of_javascript(values: list[int]) -> None:
    assert read(pack({"x": np.array(values, dtype=np.int64)}))["x"] == values


@given(st.lists(st.floats(allow_nan=False), max_size=30))
def test_floats_come_back_exactly(values: list[float]) -> None:
    assert read(pack({"x": np.array(values, dtype=np.float64)}))["x"] == values


@given(st.lists(st.one_of(st.none(), st.text()), max_size=30))
def test_any_text_comes_back(values: list[str | None]) -> None:
    assert read(pack({"x": pd.Series(values, dtype=object)}))["x"] == values


@pytest.mark.parametrize("n_labels", [1, 128, 129, 32_769])
def test_codes_are_wide_enough_for_the_labels(n_labels: int) -> None:
    values = [f"type {i:05d}" for i in range(n_labels)]
    assert read(pack({"x": values}))["x"] == values


def test_big_endian_arrays_are_sent_little_endian() -> None:
    assert read(pack({"x": np.array([1.5, -2], dtype=">f8")}))["x"] == [1.5, -2]


def test_a_table_without_rows_or_columns_is_a_table() -> None:
    assert read(pack({})) == {}
    assert read(pack({"x": np.array([], dtype=np.float64)})) == {"x": []}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array([864691135101289504]), r"would round.*ids=\['x'\]"),
        (np.array([-(2**53) - 1]), "holds -9007199254740993"),
        (pd.array([2**53 + 1, None], dtype="Int64"), "would round"),
        (pd.Series([1, "a"], dtype=object), "has mixed types, expected text"),
        (pd.to_datetime(["2025-01-01"]), "is datetime64.*, expected numbers, text"),
        (pd.Categorical([1, 2]), "categories that are not text"),
    ],
)
def test_what_the_front_end_cannot_hold_is_refused(values: npt.ArrayLike, message: str) -> None:
    with pytest.raises(TableError, match=message):
        pack({"x": values})


@pytest.mark.parametrize("values", [[8.6e17], pd.array([1, None], dtype="Int64"), ["1"]])
def test_root_ids_are_whole_numbers_and_never_missing(values: Any) -> None:
    with pytest.raises(TableError, match="expected root ids: whole numbers, none missing"):
        pack({"x": values}, ids=["x"])


def test_columns_of_different_lengths_are_no_table() -> None:
    with pytest.raises(TableError, match="do not form a table"):
        pack({"x": [1, 2], "y": [1]})


def _rows(block: bytes) -> list[dict[str, Any]]:
    table = read(block)
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


if __name__ == "__main__":
    FIXTURES.mkdir(exist_ok=True)
    made = pack(every_kind(), ids=["pt_root_id"])
    (FIXTURES / "table.bin").write_bytes(made)
    rows = [{**row, "pt_root_id": str(row["pt_root_id"])} for row in _rows(made)]
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    (FIXTURES / "table.json").write_text(text + "\n", encoding="utf-8")

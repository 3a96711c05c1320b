"""Root ids are the same in whatever form they come; what has lost its digits is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microns_widgets.errors import InvalidRootIds
from microns_widgets.tables.root_ids import distinct_ids, id_array, one_id

A, B = 864691135000000001, 864691135000000057

FORMS = {
    "list": [A, B],
    "tuple": (A, B),
    "set": {A: 1, B: 2}.keys(),
    "generator": (i for i in (A, B)),
    "text": [str(A), f" {B}\n"],
    "mixed": [np.uint64(A), B],
    "array": np.array([A, B]),
    "uint64": np.array([A, B], dtype=np.uint64),
    "array of text": np.array([str(A), str(B)]),
    "objects": np.array([A, B], dtype=object),
    "series": pd.Series([A, B]),
    "series of objects": pd.Series([A, str(B)], dtype=object),
    "series of text": pd.Series([str(A), str(B)]),
    "nullable": pd.Series([A, B], dtype="Int64"),
    "nullable text": pd.Series([str(A), str(B)], dtype="string"),
    "nullable unsigned": pd.Series([A, B], dtype="UInt64"),
    "arrow": pd.Series([A, B], dtype="int64[pyarrow]"),
    "index": pd.Index([A, B]),
    "category": pd.Series([A, B]).astype("category"),
    "nested": [[A], [B]],
}


@pytest.mark.parametrize("ids", FORMS.values(), ids=FORMS.keys())
def test_ids_of_every_form_are_the_same(ids):
    array = id_array(ids)
    assert array.dtype == np.int64
    assert array.tolist() == [A, B]


@pytest.mark.parametrize(
    "one", [A, str(A), np.int64(A), np.uint64(A), pd.Series([A]), pd.Index([A]), np.array([[A]])]
)
def test_one_id_of_every_form_is_the_same(one):
    assert one_id(one) == A
    assert id_array(one).tolist() == [A]


def test_no_ids_are_no_ids():
    for none in ([], (), set(), np.array([]), pd.Series([], dtype="int64"), pd.Index([])):
        assert id_array(none).tolist() == []


REFUSED = {
    "float": ([float(A)], "floats lose the last digits"),
    "float series": (pd.Series([A, B]).astype(float), "floats lose the last digits"),
    "float array": (np.array([1.0]), "floats lose the last digits"),
    "gap": (pd.Series([A, None]), "a value is missing"),
    "nullable gap": (pd.Series([A, None], dtype="Int64"), "a value is missing"),
    "nan": ([A, np.nan], "a value is missing"),
    "none": ([None], "a value is missing"),
    "NA": ([A, pd.NA], "a value is missing"),
    "mask": (np.array([True, False]), "it is a mask"),
    "words": (["BC"], "expected a whole number"),
    "text of a float": (["8.64e17"], "expected a whole number"),
    "too large": (np.array([2**64 - 1], dtype=np.uint64), "over 63 bits"),
    "far too large": ([10**30], "expected a whole number"),
    "objects": ([object()], "expected a whole number"),
}


@pytest.mark.parametrize(("ids", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_an_id_is_refused_with_its_reason(ids, reason):
    with pytest.raises(InvalidRootIds, match=f"^pre: .*{reason}"):
        id_array(ids, "pre")
    with pytest.raises(InvalidRootIds):
        distinct_ids(ids, "pre")


@pytest.mark.parametrize("one", [float(A), True, None, "BC", [A, B], np.nan, 1.5, b"1"])
def test_what_is_not_one_id_is_refused(one):
    with pytest.raises(InvalidRootIds, match="is not a valid root id"):
        one_id(one)


def test_a_text_and_a_list_are_refused_with_what_an_id_is():
    with pytest.raises(InvalidRootIds, match=r"a whole number of 18 digits, or a string of them\."):
        one_id("BC")
    for several in ([A, B], np.array([A, B]), {A}):
        with pytest.raises(InvalidRootIds, match=r"expected one id, not a list\."):
            one_id(several)

"""The picker's search: words, what the labels' letters mean, parts of root ids, and typing slips.

A word matches a cell

- if it occurs in one of its labels,
- if it is the beginning of one of the names of such a label (`SEARCH_NAMES`): "basket" finds BC,
- if it has four digits or more and occurs in the root id, or if the root id begins with it.

Words are separated by spaces or commas, and a cell must match all of them, in any order. "layer 5"
is one word, "l5". It also matches cells whose soma lies in that layer if none of their labels names
a layer: a basket cell has no layer in its type.

A word that matches no cell of the table is taken for a typing slip if a word of the table's labels
or names, or the beginning of one, differs from it by one letter, or by two if it has eight letters
or more; that word is then searched for instead, unless it is correct and the table lacks its type
(`absent_labels`). Case does not matter.

The front end does the same in ``frontend/src/cell-picker/data/search.ts``; one file of cases tests
both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from microns_widgets._typing import BoolArray
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, layer_of
from microns_widgets.tables.label_names import (
    PROOFREAD,
    SEARCH_NAMES,
    labels_named,
    search_words,
)

#: Digits from which a word is looked for anywhere in root ids: fewer would occur in most of them.
MIDDLE_OF_ID = 4
#: Letters from which a word may have one slip, and two.
ONE_SLIP, TWO_SLIPS = 4, 8
#: A column with more labels, such as one of remarks, is not searched for what was meant.
MOST_MEANT = 1000
#: The layer that a word means.
LAYER_WORDS = {
    word: layer
    for layer in LAYER_BORDERS_UM
    for word in (
        ["wm"]
        if layer == "WM"
        else [f"l{part}" for part in dict.fromkeys([layer, *layer.split("/")])]
    )
}


def search_mask(search: str, table: pd.DataFrame) -> BoolArray:
    """Return which rows of the table a search finds, shape (n,)."""
    mask = np.ones(len(table), dtype=bool)
    for word in search_words(search):
        matches = _word_mask(word, table)
        if not matches.any() and (meant := _meant(word, table)):
            matches = _word_mask(meant, table)
        mask &= matches
    return mask


def corrections(search: str, table: pd.DataFrame) -> dict[str, str]:
    """Return for each word that matches nothing the word that is searched for instead."""
    found = {}
    for word in search_words(search):
        if not _word_mask(word, table).any() and (meant := _meant(word, table)):
            found[word] = meant
    return found


def absent_labels(search: str, table: pd.DataFrame) -> dict[str, list[str]]:
    """Return for each word that matches nothing the labels it would match in other data."""
    found = {}
    for word in search_words(search):
        if not _word_mask(word, table).any() and (labels := labels_named(word)):
            found[word] = labels
    return found


def _meant(word: str, table: pd.DataFrame) -> str | None:
    return None if labels_named(word) else _nearest_word(word, table)


def _word_mask(word: str, table: pd.DataFrame) -> BoolArray:
    matches = np.zeros(len(table), dtype=bool)
    for name, labels, codes in _label_columns(table):
        has_word = [_matches(word, label, _names(name, label)) for label in labels]
        matches |= np.append(has_word, False)[codes]
    if word.isascii() and word.isdigit():
        ids = table["pt_root_id"].astype(str).str
        in_id = (
            ids.contains(word, regex=False) if len(word) >= MIDDLE_OF_ID else ids.startswith(word)
        )
        matches |= in_id.to_numpy(dtype=bool)
    if word in LAYER_WORDS and "depth" in table:
        in_layer = layer_of(table["depth"].to_numpy(dtype=float)) == LAYER_WORDS[word]
        matches |= in_layer & ~_names_layer(table)
    return matches


def _names_layer(table: pd.DataFrame) -> BoolArray:
    """Return which cells have a label that names a layer, shape (n,)."""
    named = np.zeros(len(table), dtype=bool)
    for name, labels, codes in _label_columns(table):
        of_label = [
            not LAYER_WORDS.keys().isdisjoint([*_names(name, label), *search_words(label)])
            for label in labels
        ]
        named |= np.append(of_label, False)[codes]
    return named


def _label_columns(table: pd.DataFrame) -> Iterator[tuple[str, list[str], np.ndarray]]:
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            yield str(name), list(column.cat.categories), column.cat.codes.to_numpy()


def _names(column: str, label: str) -> list[str]:
    names = SEARCH_NAMES.get(label, "").split()
    return [*names, PROOFREAD] if column == "proofreading_strategy" and label else names


def _matches(word: str, label: str, names: list[str]) -> bool:
    return word in label.lower() or any(name.startswith(word) for name in names)


def _nearest_word(word: str, table: pd.DataFrame) -> str | None:
    """Return the word of the table that was probably meant; of equally near ones the first."""
    slips = int(len(word) >= ONE_SLIP) + int(len(word) >= TWO_SLIPS)
    if not slips or (word.isascii() and word.isdigit()):
        return None
    best: tuple[int, int, str] | None = None
    for candidate in _vocabulary(table):
        distance = _slips(word, candidate, slips)
        key = (distance, abs(len(candidate) - len(word)), candidate)
        if distance <= slips and (best is None or key < best):
            best = key
    return best[2] if best else None


def _vocabulary(table: pd.DataFrame) -> set[str]:
    words: set[str] = set()
    for column, labels, codes in _label_columns(table):
        used = set(np.unique(codes).tolist())
        for code, label in enumerate(labels):
            if code in used and len(labels) <= MOST_MEANT:
                words |= {*re.split(r"[\W_]+", label.lower()), *_names(column, label)}
    return words - {""}


def _slips(word: str, candidate: str, most: int) -> int:
    """Return how many letters differ between a word and a candidate, or its best beginning.

    A letter that is missing, too many or another one counts once, and so do two exchanged ones.
    """
    if len(candidate) < len(word) - most:
        return most + 1
    before: list[int] = []
    row = list(range(len(candidate) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(candidate, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            exchanged = i > 1 and j > 1 and letter == candidate[j - 2] and word[i - 2] == other
            row.append(min(cost, last[j - 2] + 1) if exchanged else cost)
    return min(row)

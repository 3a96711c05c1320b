"""The names by which the picker's search and errors find labels, besides the labels themselves.

The tables give types by letters; people search for what the letters mean. The names are those of
the publications: Elabbady et al. 2025 (doi:10.1038/s41586-024-07765-7) and Schneider-Mizell et al.
2025 (doi:10.1038/s41586-024-07780-8) for the types, Bae et al. 2025
(doi:10.1038/s41586-025-08790-w) for the areas. BC, MC and BPC are found by PV, SST and VIP too,
though the families are wider than the names: see `SAME_TYPE` in ``type_comparison.py``.
``frontend/src/shared/contract.ts`` has the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from microns_widgets.errors import suggestion

_PYRAMIDAL = "pyramidal excitatory neuron"
_INHIBITORY = "inhibitory interneuron neuron"
_IT = f"{_PYRAMIDAL} intratelencephalic"
_ET = f"{_PYRAMIDAL} extratelencephalic pyramidal-tract"
_NP = f"{_PYRAMIDAL} near-projecting"
_CT = f"{_PYRAMIDAL} corticothalamic"
_GLIA = "glia non-neuronal"

#: Names of a label, separated by spaces. A layer is "l" and its number, as in `search_words`.
SEARCH_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "23P": f"layer l2 l3 l2/3 {_PYRAMIDAL}",
        "L2IT": f"layer l2 l2/3 {_IT}",
        "L3IT": f"layer l3 l2/3 {_IT}",
        "4P": f"layer l4 {_PYRAMIDAL}",
        "L4IT": f"layer l4 {_IT}",
        "5P-IT": f"layer l5 it {_IT}",
        "L5IT": f"layer l5 it {_IT}",
        "5P-ET": f"layer l5 et pt {_ET}",
        "5P-PT": f"layer l5 et pt {_ET}",
        "L5ET": f"layer l5 et pt {_ET}",
        "5P-NP": f"layer l5 np {_NP}",
        "L5NP": f"layer l5 np {_NP}",
        "6P-IT": f"layer l6 it {_IT}",
        "L6IT": f"layer l6 it {_IT}",
        "6P-CT": f"layer l6 ct {_CT}",
        "L6CT": f"layer l6 ct {_CT}",
        "6P-U": f"layer l6 {_PYRAMIDAL} unsure",
        "WM-P": f"layer wm white matter {_PYRAMIDAL}",
        "Unsure E": "excitatory neuron",
        "BC": f"basket cell pv parvalbumin {_INHIBITORY}",
        "PV": f"basket cell parvalbumin {_INHIBITORY}",
        "ChC": f"chandelier cell axo-axonic {_INHIBITORY}",
        "AltBasket": f"basket cell {_INHIBITORY}",
        "MC": f"martinotti cell somatostatin sst {_INHIBITORY}",
        "NMC": f"non-martinotti somatostatin sst {_INHIBITORY}",
        "DTC": f"distal targeting cell {_INHIBITORY}",
        "AltDTC": f"distal targeting cell {_INHIBITORY}",
        "BPC": f"bipolar cell vip {_INHIBITORY}",
        "ITC": f"inhibitory-targeting cell {_INHIBITORY}",
        "ITCperi": f"inhibitory-targeting cell perisomatic {_INHIBITORY}",
        "NGC": f"neurogliaform cell {_INHIBITORY}",
        "L1": f"layer l1 {_INHIBITORY}",
        "PTC": f"perisomatic targeting cell {_INHIBITORY}",
        "STC": f"sparsely targeting cell {_INHIBITORY}",
        "L6SP": f"layer l6 subplate {_PYRAMIDAL}",
        "Unsure I": "inhibitory neuron",
        "astrocyte": _GLIA,
        "oligo": f"oligodendrocyte {_GLIA}",
        "OPC": f"oligodendrocyte precursor cell {_GLIA}",
        "microglia": _GLIA,
        "pericyte": "non-neuronal",
        "E": "excitatory neuron",
        "I": "inhibitory neuron",
        "NONNEURON": "non-neuronal",
        "V1": "primary visual cortex area",
        "RL": "rostrolateral visual area",
        "AL": "anterolateral visual area",
        "LM": "lateromedial visual area",
    }
)
#: Names of every strategy of proofreading.
PROOFREAD = "proofread"
#: Letters from which a word may be the beginning of the name of a type that the table lacks.
SHORTEST_NAME = 3
#: More labels than this are not suggested: their list would be read like that of all labels.
MOST_SUGGESTED = 8
_LAYER = re.compile(r"(?:^|(?<=[\s,]))layers?\s*(?=[0-9])")


def search_words(search: str) -> list[str]:
    """Return the words of a search in lower case, "layer 5" as "l5"."""
    return [word for word in re.split(r"[\s,]+", _LAYER.sub("l", search.lower())) if word]


def labels_named(word: str) -> list[str]:
    """Return the labels, of any table, that a word of a search means: itself or by a name."""
    names_begin = len(word) >= SHORTEST_NAME
    return [
        label
        for label, names in SEARCH_NAMES.items()
        if word == label.lower()
        or (names_begin and any(name.startswith(word) for name in names.split()))
    ]


def label_suggestion(value: object, labels: Iterable[str]) -> str:
    """Return ``" Did you mean 'BC' (basket cell)?"``, or ``""`` if no label is near.

    Parameters
    ----------
    value : object
        What was given as a label: one of its names, or a label with a typing slip.
    labels : iterable of str
        The labels that occur.
    """
    if not isinstance(value, str):
        return ""
    # "basket cells" and "basket_cell" are basket cells too.
    words = [word.removesuffix("s") for word in search_words(value.replace("_", " "))]
    meant = [{*labels_named(word), *_labels_with_name(word)} for word in words]
    fits = [label for label in labels if meant and all(label in of_word for of_word in meant)]
    if not fits or len(fits) > MOST_SUGGESTED:
        return suggestion(value, labels)
    if len(fits) > 1:
        return f" Did you mean one of {', '.join(map(repr, fits))}?"
    meaning = _spelled_out(fits[0], words)
    return f" Did you mean {fits[0]!r}{f' ({meaning})' if meaning else ''}?"


def _labels_with_name(word: str) -> list[str]:
    return [label for label, names in SEARCH_NAMES.items() if word in names.split()]


def _spelled_out(label: str, words: list[str]) -> str:
    """Return what a label means: "basket cell", or else those of its names that the words begin."""
    names = SEARCH_NAMES[label].split()
    if "cell" in names:
        return " ".join(names[: names.index("cell") + 1])
    return " ".join(name for name in names if name.startswith(tuple(words)))

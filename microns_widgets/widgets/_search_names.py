"""The names by which the picker's search finds labels, besides the labels themselves.

The tables give types by letters; people search for what the letters mean. The names are those of
the publications: Elabbady et al. 2025 (doi:10.1038/s41586-024-07765-7) and Schneider-Mizell et al.
2025 (doi:10.1038/s41586-024-07780-8) for the types, Bae et al. 2025
(doi:10.1038/s41586-025-08790-w) for the areas. BC, MC and BPC are found by PV, SST and VIP too,
though the families are wider than the names: see `SAME_TYPE` in ``type_comparison.py``.
``frontend/src/shared/contract.ts`` has the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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

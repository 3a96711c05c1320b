"""What the synthetic sample assumes: every number of it, each with where it comes from.

This table is the sample's truth. Tests analyse the sample's files as a student would and
find these numbers again. Rows marked *teaching choice* are not measurements: they are set
so that an effect known from the literature shows in a few hundred cells.

Sources
-------
.. [MICrONS] MICrONS Consortium 2025, doi:10.1038/s41586-025-08790-w
.. [Census] Schneider-Mizell et al. 2025, doi:10.1038/s41586-024-07780-8
.. [Synphys] Campagnola et al. 2022, doi:10.1126/science.abj5861
.. [Pfeffer] Pfeffer et al. 2013, doi:10.1038/nn.3446
.. [Tremblay] Tremblay et al. 2016, doi:10.1016/j.neuron.2016.06.033
.. [Song] Song et al. 2005, doi:10.1371/journal.pbio.0030068
.. [Dorkenwald] Dorkenwald et al. 2022, doi:10.7554/eLife.76120
.. [Schmidt] Schmidt et al. 2017, doi:10.1038/nature24005
.. [Cuntz] Cuntz et al. 2010, doi:10.1371/journal.pcbi.1000877
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SEED = 1300

#: Radius of the column in um, and where its axis meets the pia (x, z in cortical um).
COLUMN_RADIUS_UM = 180.0
COLUMN_AXIS_UM = (900.0, 850.0)

#: Further cells, which are not proofread and have no skeleton (glia among them).
N_FURTHER_CELLS = 4_200


@dataclass(frozen=True)
class CellType:
    """One automatic type.

    Attributes
    ----------
    coarse : str
        ``"E"``, ``"I"`` or ``"NONNEURON"``.
    depth_um : tuple of float
        Range of soma depths below the pia, um. Source: [MICrONS], 5th to 95th percentile
        of the type in the cell table of version 1300, rounded.
    share : float
        Share of the type among the further cells. Source: [MICrONS], same table.
    proofread : int
        Number of proofread cells. Teaching choice: rare types are overrepresented.
    volume_um3 : float
        Median volume of the nucleus, um^3. Source: [MICrONS], same table, rounded.
    """

    coarse: str
    depth_um: tuple[float, float]
    share: float
    proofread: int
    volume_um3: float


TYPES: dict[str, CellType] = {
    "23P": CellType("E", (110, 265), 0.215, 80, 280),
    "4P": CellType("E", (270, 395), 0.161, 58, 250),
    "5P-IT": CellType("E", (400, 555), 0.087, 38, 300),
    "5P-ET": CellType("E", (430, 560), 0.024, 20, 420),
    "5P-NP": CellType("E", (440, 560), 0.011, 6, 280),
    "6P-IT": CellType("E", (565, 720), 0.128, 30, 260),
    "6P-CT": CellType("E", (570, 735), 0.074, 26, 260),
    "BC": CellType("I", (110, 680), 0.036, 28, 350),
    "MC": CellType("I", (150, 680), 0.027, 18, 290),
    "BPC": CellType("I", (110, 420), 0.016, 16, 230),
    "NGC": CellType("I", (30, 500), 0.007, 8, 270),
    "astrocyte": CellType("NONNEURON", (10, 740), 0.082, 0, 180),
    "oligo": CellType("NONNEURON", (150, 740), 0.076, 0, 90),
    "OPC": CellType("NONNEURON", (50, 740), 0.017, 0, 110),
    "microglia": CellType("NONNEURON", (10, 740), 0.027, 0, 70),
    "pericyte": CellType("NONNEURON", (10, 740), 0.012, 0, 60),
}
NEURONS = tuple(name for name, kind in TYPES.items() if kind.coarse != "NONNEURON")
EXCITATORY = tuple(name for name, kind in TYPES.items() if kind.coarse == "E")

#: Share of the proofread cells with each strategy. Teaching choice: real ones are 8, 85
#: and 7 % [MICrONS], which would leave too few fully extended cells.
STRATEGY_SHARES = {
    "axon_fully_extended": 0.30,
    "axon_partially_extended": 0.58,
    "axon_interareal": 0.12,
}
#: Cells closer than this to the column's axis have a manual label, um. As the 100 um
#: wide column of [Census].
MANUAL_RADIUS_UM = 60.0
#: Share of the manual labels that agree with the automatic ones; 5P-PT is 5P-ET's manual
#: name and agrees. Source: [MICrONS], the cell table's cross-tabulation, rounded.
MANUAL_AGREEMENT = 0.92


# Peaks are read as the probability of a connection between cells whose somata stand above
# one another, from a presynaptic type (row) to a group of postsynaptic types.
_LAYER_OF = {"23P": 2, "4P": 4, "5P-IT": 5, "5P-ET": 5, "5P-NP": 5, "6P-IT": 6, "6P-CT": 6}


@dataclass(frozen=True)
class Wiring:
    """How one presynaptic type connects.

    Attributes
    ----------
    reach_um : tuple of float
        Distances of the somata, parallel to the pia and in depth, at which the
        probability has fallen to exp(-1/2), um. Between excitatory cells the layers of
        their types stand for the depth. Sources: [Synphys] for excitatory cells (about
        125 um); [Census], [Tremblay] for the others, rounded.
    to_excitatory, to_other_layers, to_inhibitory : float
        Peak probability onto excitatory cells of the own or a preferred layer, onto
        those of other layers, and onto inhibitory cells.
    synapses : float
        Mean number of synapses of a connection (1 + a geometric number).
        Source: [Census] for inhibitory cells, [Dorkenwald] for excitatory ones.
    log_size : tuple of float
        Mean and standard deviation of the natural logarithm of a synapse's size
        (voxels). Log-normal as in [Song] and [Dorkenwald]; the numbers are chosen in the
        range of the real sizes.
    """

    reach_um: tuple[float, float]
    to_excitatory: float
    to_other_layers: float
    to_inhibitory: float
    synapses: float
    log_size: tuple[float, float]


_E_SIZE, _I_SIZE = (7.7, 0.85), (8.3, 0.60)
WIRING: dict[str, Wiring] = {
    "23P": Wiring((125, 90), 0.070, 0.030, 0.32, 1.25, _E_SIZE),
    "4P": Wiring((110, 90), 0.080, 0.040, 0.32, 1.25, _E_SIZE),
    "5P-IT": Wiring((130, 90), 0.060, 0.035, 0.28, 1.20, _E_SIZE),
    "5P-ET": Wiring((130, 90), 0.080, 0.020, 0.55, 1.30, _E_SIZE),
    "5P-NP": Wiring((100, 90), 0.040, 0.015, 0.18, 1.15, _E_SIZE),
    "6P-IT": Wiring((130, 90), 0.060, 0.015, 0.28, 1.20, _E_SIZE),
    "6P-CT": Wiring((90, 90), 0.050, 0.020, 0.32, 1.20, _E_SIZE),
    "BC": Wiring((90, 100), 0.450, 0.450, 0.40, 3.20, _I_SIZE),
    "MC": Wiring((100, 200), 0.200, 0.200, 0.12, 2.40, _I_SIZE),
    "BPC": Wiring((60, 150), 0.020, 0.020, 0.55, 2.60, _I_SIZE),
    "NGC": Wiring((100, 110), 0.220, 0.220, 0.16, 1.80, _I_SIZE),
}
#: Which inhibitory types a bipolar cell prefers: Martinotti first [Pfeffer]. Factors on
#: the probability onto inhibitory cells; their mean over types is about 1.
BIPOLAR_PREFERENCE = {"BC": 0.8, "MC": 1.8, "BPC": 0.3, "NGC": 0.6}

#: A connection from an excitatory cell onto another makes the way back this much more
#: probable than the distance alone. Source: [Song], who found four times in layer 5.
RECIPROCITY = 4.0

#: Spread of a latent "size" of inhibitory cells that scales both their inputs and, by
#: the second number, their outputs (natural logarithms). Teaching choice: in- and
#: out-degree go together in basket and Martinotti cells, and not in bipolar ones.
LATENT_SIZE = {"BC": (0.50, 1.0), "MC": (0.55, 1.0), "BPC": (0.45, 0.0), "NGC": (0.30, 0.5)}


@dataclass(frozen=True)
class Target:
    """Where on an excitatory cell the synapses of a presynaptic type sit.

    Shares of the synapses on the soma, on dendrites within 60 um of path to it, on the
    apical dendrite's tuft (depth under 150 um, or its upper third), and anywhere.
    """

    soma: float
    proximal: float
    tuft: float
    anywhere: float


#: Sources: [Census] (perisomatic, distal and inhibitory-targeting cells), [Tremblay].
TARGETS: dict[str, Target] = {
    "BC": Target(soma=0.30, proximal=0.50, tuft=0.0, anywhere=0.20),
    "MC": Target(soma=0.0, proximal=0.05, tuft=0.65, anywhere=0.30),
    "BPC": Target(soma=0.05, proximal=0.25, tuft=0.0, anywhere=0.70),
    "NGC": Target(soma=0.0, proximal=0.10, tuft=0.30, anywhere=0.60),
    **dict.fromkeys(EXCITATORY, Target(soma=0.0, proximal=0.08, tuft=0.0, anywhere=0.92)),
}
PROXIMAL_UM = 60.0

#: An excitatory axon meets its inhibitory targets early: onto them, sites are drawn with
#: the weight exp(-distance to the presynaptic soma / this), um. Source: [Schmidt].
EARLY_UM = 30.0

#: Of the outputs of a proofread cell this share falls on fragments without a cell, by
#: strategy. Source: [MICrONS]; about half of the real outputs have no partner with a
#: nucleus. Teaching choice for the three values.
UNKNOWN_OUTPUTS = {
    "axon_fully_extended": 0.35,
    "axon_partially_extended": 0.40,
    "axon_interareal": 0.50,
}
#: Share of the known connections that a strategy leaves in the table: a partially
#: extended axon is a sample of its partners. Teaching choice.
FOUND_CONNECTIONS = {
    "axon_fully_extended": 1.0,
    "axon_partially_extended": 0.75,
    "axon_interareal": 0.60,
}

#: Further inputs of a proofread cell: their mean number, which share of them comes from
#: inhibitory cells, and which share from fragments without a cell. Teaching choice; the
#: last is that of the real basket cell in the tests, rounded.
FURTHER_INPUTS = 420.0
FURTHER_INPUTS_INHIBITORY = 0.15
FURTHER_INPUTS_UNKNOWN = 0.85

#: Share of the basket cells with autapses, and their mean number. Source: the real
#: basket cell of the tests has 44 among 6,514 outputs.
AUTAPTIC_BASKET_CELLS = 0.5
AUTAPSES = 4.0

#: Factor of balance between short wiring (0) and short paths to the soma (1). Source:
#: [Cuntz], who fit 0.2 to 0.7 to dendrites of the cortex.
BALANCE = {"dendrite": 0.45, "apical dendrite": 0.35, "axon": 0.20}


def preferred(pre_type: str, post_type: str) -> float:
    """Peak probability of a connection from one type to another, at no lateral distance."""
    wiring = WIRING[pre_type]
    if TYPES[post_type].coarse == "I":
        factor = BIPOLAR_PREFERENCE[post_type] if pre_type == "BPC" else 1.0
        return min(wiring.to_inhibitory * factor, 1.0)
    if TYPES[post_type].coarse != "E":
        return 0.0
    near = {(2, 2), (4, 4), (5, 5), (6, 6), (4, 2), (2, 5), (5, 6)}
    pair = (_LAYER_OF.get(pre_type), _LAYER_OF[post_type])
    return wiring.to_excitatory if pair in near else wiring.to_other_layers


def connection_probability(
    pre_type: str, post_type: str, lateral_um: npt.ArrayLike, vertical_um: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Truth: probability that a cell of one type connects to one of another.

    Parameters
    ----------
    pre_type, post_type : str
        Automatic types.
    lateral_um, vertical_um : array_like
        Distance of the somata parallel to the pia and in depth, um.

    Returns
    -------
    numpy.ndarray
        For a fully extended axon; other strategies show `FOUND_CONNECTIONS` of it.
    """
    across, down = WIRING[pre_type].reach_um
    fall = (np.asarray(lateral_um, dtype=np.float64) / across) ** 2
    if pre_type not in EXCITATORY or post_type not in EXCITATORY:
        fall = fall + (np.asarray(vertical_um, dtype=np.float64) / down) ** 2
    return np.asarray(preferred(pre_type, post_type) * np.exp(-0.5 * fall))

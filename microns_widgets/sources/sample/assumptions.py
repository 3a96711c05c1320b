"""Assumptions of the synthetic sample about cells and synapses, with the source of each number.

These numbers are the ground truth of the sample. Tests analyze its files as a student would
and must recover them. Numbers marked *teaching choice* are not measurements: they are set so
that an effect known from the literature is visible in a few hundred cells. The shapes of
arbors were tuned by eye; their parameters are in ``arbors.py``.

Sources
-------
.. [Cells] Cell table of minnie65_public, version 1300, all 91,423 rows
.. [Basket] Basket cell 864691135101289504 with its synapse table, version 1300
.. [MICrONS] MICrONS Consortium 2025, doi:10.1038/s41586-025-08790-w
.. [Census] Schneider-Mizell et al. 2025, doi:10.1038/s41586-024-07780-8
.. [Synphys] Campagnola et al. 2022, doi:10.1126/science.abj5861
.. [Pfeffer] Pfeffer et al. 2013, doi:10.1038/nn.3446
.. [Ding] Ding et al. 2025, doi:10.1038/s41586-025-08840-3
.. [Santuy] Santuy et al. 2018, doi:10.1007/s00429-017-1470-7
.. [Pedigo] Pedigo et al., preprint, https://bdpedigo.github.io/neuron-hks/
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

from microns_widgets._typing import FloatArray

SEED = 1300

#: Radius of the column in um, and the position of its axis (x, z in cortical um).
COLUMN_RADIUS_UM = 180.0
COLUMN_AXIS_UM = (900.0, 850.0)

#: Number of cells, including glia, that are not proofread and have no skeleton.
N_FURTHER_CELLS = 4_200


@dataclass(frozen=True)
class CellType:
    """One automatic type.

    Attributes
    ----------
    coarse : str
        ``"E"``, ``"I"`` or ``"NONNEURON"``.
    depth_um : tuple of float
        5th, 50th and 95th percentile of the depth of somata below the pia, in um. The
        sample's cells are between the outer two, half of them above the median.
        Source: [Cells], rounded to 5.
    share : float
        Fraction of the type among the cells that are not proofread. Source: [Cells], rounded.
    proofread : int
        Number of proofread cells. Teaching choice: rare types are overrepresented.
    volume_um3 : float
        Median volume of the nucleus in um^3. Source: [Cells], rounded to 5.
    """

    coarse: str
    depth_um: tuple[float, float, float]
    share: float
    proofread: int
    volume_um3: float


TYPES: dict[str, CellType] = {
    "23P": CellType("E", (85, 170, 245), 0.215, 80, 295),
    "4P": CellType("E", (255, 305, 360), 0.161, 58, 255),
    "5P-IT": CellType("E", (360, 415, 505), 0.087, 38, 300),
    "5P-ET": CellType("E", (390, 465, 605), 0.024, 20, 440),
    "5P-NP": CellType("E", (425, 505, 700), 0.011, 6, 245),
    "6P-IT": CellType("E", (525, 615, 700), 0.128, 30, 275),
    "6P-CT": CellType("E", (530, 615, 705), 0.074, 26, 270),
    "BC": CellType("I", (130, 395, 635), 0.036, 28, 300),
    "MC": CellType("I", (130, 410, 620), 0.027, 18, 285),
    "BPC": CellType("I", (85, 300, 635), 0.016, 24, 225),
    "NGC": CellType("I", (30, 90, 360), 0.007, 8, 280),
    "astrocyte": CellType("NONNEURON", (50, 345, 680), 0.082, 0, 160),
    "oligo": CellType("NONNEURON", (180, 490, 710), 0.076, 0, 100),
    "OPC": CellType("NONNEURON", (100, 500, 735), 0.017, 0, 125),
    "microglia": CellType("NONNEURON", (75, 365, 660), 0.027, 0, 75),
    "pericyte": CellType("NONNEURON", (90, 405, 705), 0.013, 0, 50),
}
#: Standard deviation of the log volume of nuclei within a type. Source: [Cells], where it
#: is between 0.13 and 0.26.
VOLUME_SPREAD = 0.17
NEURONS = tuple(name for name, kind in TYPES.items() if kind.coarse != "NONNEURON")
EXCITATORY = tuple(name for name, kind in TYPES.items() if kind.coarse == "E")

#: Fraction of the proofread cells with each strategy. Teaching choice: the real fractions
#: are 7, 85 and 8 % [Cells], which would leave too few fully extended axons.
STRATEGY_SHARES = {
    "axon_fully_extended": 0.30,
    "axon_partially_extended": 0.58,
    "axon_interareal": 0.12,
}
#: Cells closer than this to the axis of the column have a manual type, in um; similar to
#: the 100 um wide column of [Census].
MANUAL_RADIUS_UM = 60.0
#: Fraction of manual types that agree with the automatic ones; 5P-PT is the manual name of
#: 5P-ET and counts as agreement. Source: [Cells].
MANUAL_AGREEMENT = 0.87


# Peak probabilities are those of a connection from a presynaptic type (row) to a group of
# postsynaptic types, for cells without lateral distance.
_LAYER_OF = {"23P": 2, "4P": 4, "5P-IT": 5, "5P-ET": 5, "5P-NP": 5, "6P-IT": 6, "6P-CT": 6}


@dataclass(frozen=True)
class Wiring:
    """How one presynaptic type connects.

    Attributes
    ----------
    reach_um : tuple of float
        Distances between somata, parallel to the pia and in depth, at which the
        probability has decreased to exp(-1/2), in um. Between excitatory cells, the layers
        of their types replace the depth. A Gaussian with a reach of about 100 um was
        measured by [Synphys]; the numbers for each type are a teaching choice.
    to_excitatory, to_other_layers, to_inhibitory : float
        Peak probability onto excitatory cells of the same or a preferred layer, onto
        those of other layers, and onto inhibitory cells. Teaching choice: high enough
        for a matrix of 300 cells to show the preferences of each type.
    synapses : float
        Mean number of synapses per connection; their distribution is geometric. Source:
        2.1 for basket cells is from [Basket]; the others are a teaching choice between
        its excitatory (1.4) and inhibitory inputs (2.4), and lower between excitatory
        cells, which rarely share two synapses [Dorkenwald].
    """

    reach_um: tuple[float, float]
    to_excitatory: float
    to_other_layers: float
    to_inhibitory: float
    synapses: float


WIRING: dict[str, Wiring] = {
    "23P": Wiring((125, 90), 0.070, 0.030, 0.32, 1.25),
    "4P": Wiring((110, 90), 0.080, 0.040, 0.32, 1.25),
    "5P-IT": Wiring((130, 90), 0.060, 0.035, 0.28, 1.20),
    "5P-ET": Wiring((130, 90), 0.080, 0.020, 0.55, 1.30),
    "5P-NP": Wiring((100, 90), 0.040, 0.015, 0.18, 1.15),
    "6P-IT": Wiring((130, 90), 0.060, 0.015, 0.28, 1.20),
    "6P-CT": Wiring((90, 90), 0.050, 0.020, 0.32, 1.20),
    "BC": Wiring((90, 100), 0.450, 0.450, 0.40, 2.10),
    "MC": Wiring((100, 200), 0.200, 0.200, 0.12, 2.40),
    "BPC": Wiring((60, 150), 0.020, 0.020, 0.55, 2.60),
    "NGC": Wiring((100, 110), 0.220, 0.220, 0.16, 1.80),
}
#: Pairs of layers (from, to) between which excitatory cells connect as within a layer: the
#: textbook pathway from 4 to 2/3 to 5 to 6. Teaching choice.
PREFERRED_LAYERS = frozenset({(2, 2), (4, 4), (5, 5), (6, 6), (4, 2), (2, 5), (5, 6)})

#: Mean and standard deviation of the natural logarithm of synapse size (voxels), by the
#: presynaptic coarse type. Log-normal like the strengths of [Song]; the two peaks that
#: [Dorkenwald] found between pyramidal cells are not modeled. Source: the outputs of
#: [Basket] for inhibitory cells and the standard deviation of its excitatory inputs,
#: rounded; the mean for excitatory cells is a teaching choice, lower so that the two differ.
LOG_SIZE = {"E": (7.7, 0.75), "I": (8.1, 0.85)}

#: Inhibitory type by inhibitory type, presynaptic first: factors on the probability
#: `to_inhibitory`. Which factors are high and which are low is from [Pfeffer], for PV cells (here
#: BC), SST cells (MC) and VIP cells (BPC). PV cells inhibit one another strongly and the others
#: little; SST cells avoid one another and inhibit all others; VIP cells prefer SST cells.
#: Neurogliaform cells contact all types alike [Tremblay]. The values are a teaching choice.
#: The mean of a row over the inhibitory cells of the table is about 1, so that the number of
#: connections between inhibitory cells is that of `to_inhibitory`.
INHIBITORY_PREFERENCE: dict[str, dict[str, float]] = {
    "BC": {"BC": 2.00, "MC": 0.25, "BPC": 0.40, "NGC": 0.40},
    "MC": {"BC": 1.50, "MC": 0.10, "BPC": 1.30, "NGC": 1.30},
    "BPC": {"BC": 0.65, "MC": 1.80, "BPC": 0.30, "NGC": 0.60},
    "NGC": {"BC": 1.00, "MC": 1.00, "BPC": 1.00, "NGC": 1.00},
}

#: A connection between two excitatory cells makes the reciprocal connection this many times
#: more probable than the distance alone would. Source: [Song], who found a factor of four
#: in layer 5.
RECIPROCITY = 4.0

#: Standard deviation of a latent "size" of inhibitory cells, which scales their inputs and,
#: by the second number, their outputs (natural logarithms). Teaching choice: in-degree and
#: out-degree are correlated in basket and Martinotti cells, but not in bipolar cells.
LATENT_SIZE = {"BC": (0.50, 1.0), "MC": (0.55, 1.0), "BPC": (0.45, 0.0), "NGC": (0.30, 0.5)}


@dataclass(frozen=True)
class Target:
    """Locations of the synapses of a presynaptic type on an excitatory cell.

    Fractions of the synapses on the soma, on dendrites within 60 um of path length from it, on
    the apical tuft (depth below 150 um, or the upper third of the dendrites), and anywhere.
    """

    soma: float
    proximal: float
    tuft: float
    anywhere: float


#: Preferred locations of each type: [Census], [Tremblay]. The fractions of basket cells are
#: close to those of [Basket] (30 % within 15 um of the target's nucleus, 89 % within 60 um,
#: Euclidean distance); the others are a teaching choice.
TARGETS: dict[str, Target] = {
    "BC": Target(soma=0.30, proximal=0.50, tuft=0.0, anywhere=0.20),
    "MC": Target(soma=0.0, proximal=0.05, tuft=0.65, anywhere=0.30),
    "BPC": Target(soma=0.05, proximal=0.25, tuft=0.0, anywhere=0.70),
    "NGC": Target(soma=0.0, proximal=0.10, tuft=0.30, anywhere=0.60),
    **dict.fromkeys(EXCITATORY, Target(soma=0.0, proximal=0.08, tuft=0.0, anywhere=0.92)),
}
#: The same on inhibitory cells, by the presynaptic coarse type alone. Teaching choice.
TARGETS_ON_INHIBITORY = {
    "E": Target(soma=0.0, proximal=0.15, tuft=0.0, anywhere=0.85),
    "I": Target(soma=0.10, proximal=0.30, tuft=0.0, anywhere=0.60),
}
PROXIMAL_UM = 60.0
TUFT_DEPTH_UM = 150.0

#: Excitatory axons contact inhibitory cells early along their path, as [Schmidt] found in
#: entorhinal cortex: sites on these are drawn with the weight exp(-distance to the
#: presynaptic soma / this), in um. Teaching choice.
EARLY_UM = 30.0

#: Fraction of the synapses on the dendrites of an excitatory cell that are on spines, by
#: presynaptic type; the others are on shafts, and those on the soma are neither. [Santuy] found
#: 80 to 91 % of the asymmetric (excitatory) synapses and 14 to 38 % of the symmetric
#: (inhibitory) ones on spines, outside somata, in the layers of the rat's cortex. In minnie65,
#: 5P-NP and 6P-CT cells often contact shafts [Pedigo]. The numbers of single types are a
#: teaching choice within these ranges.
SPINES_ON_EXCITATORY: dict[str, float] = {
    **dict.fromkeys(EXCITATORY, 0.85),
    **{"5P-NP": 0.45, "6P-CT": 0.55},
    **{"BC": 0.15, "MC": 0.35, "BPC": 0.15, "NGC": 0.25},
}
#: The same on inhibitory cells, whose dendrites have few spines, by the presynaptic coarse type.
#: Teaching choice.
SPINES_ON_INHIBITORY = {"E": 0.10, "I": 0.03}

#: Two excitatory cells connect 1 + this * cos(2 * difference of their preferred orientations)
#: times as often as others. [Ding] found that neurons with similar responses connect more often
#: than proximity explains, but less strongly: the strength is a teaching choice, high enough to
#: be seen in a few hundred cells. It acts on both directions of a pair, which makes reciprocal
#: pairs 8 % more frequent. As in [Ding], the location of the receptive field has no effect of its
#: own.
LIKE_TO_LIKE = 0.40

#: Fraction of the proofread excitatory cells whose responses are known, and fractions of these
#: with one, two and three scans. Teaching choice.
WITH_FUNCTION = 0.92
SCANS_PER_CELL = (0.65, 0.22, 0.13)
#: Parameters of the beta distributions of the two factors of ``cc_abs``, the performance of the
#: model of a scan: ``cc_max`` (how reliable the responses are) and ``cc_norm`` (how much of what
#: can be predicted it predicts). Teaching choice.
CC_MAX, CC_NORM = (8.0, 3.0), (9.0, 4.0)
#: Standard deviation of the error of the preferred orientation of a scan whose ``cc_abs`` is 1,
#: in degrees; it is inversely proportional to ``cc_abs``. Teaching choice.
ORIENTATION_ERROR_DEG = 3.0
#: Shift of the receptive field (``readout_loc_x`` and ``_y``) per um of cortex parallel to the
#: pia, and the standard deviation around it across cells and across scans of one cell.
#: Teaching choice: neighbours see the same part of the screen, so that connected cells do, too.
READOUT_PER_UM = 0.0025
READOUT_SPREAD = (0.07, 0.02)

#: Fraction of the outputs of a proofread cell onto fragments without a cell, by strategy.
#: Teaching choice: [Basket] has 11 %, but here cells outside the column are missing, too.
UNKNOWN_OUTPUTS = {
    "axon_fully_extended": 0.35,
    "axon_partially_extended": 0.40,
    "axon_interareal": 0.50,
}
#: Fraction of the connections that are in the table, by strategy: a partially extended
#: axon contacts only some of its partners. Teaching choice.
FOUND_CONNECTIONS = {
    "axon_fully_extended": 1.0,
    "axon_partially_extended": 0.75,
    "axon_interareal": 0.60,
}

#: Inputs of a proofread cell from cells that are not proofread: their mean number, and the
#: fractions from inhibitory cells and from fragments without a cell. Teaching choice; the
#: last one is from [Basket], rounded.
FURTHER_INPUTS = 420.0
FURTHER_INPUTS_INHIBITORY = 0.15
FURTHER_INPUTS_UNKNOWN = 0.90
#: Mean number of synapses of such a fragment. Source: [Basket], outputs 1.5, inputs 1.2.
SYNAPSES_PER_FRAGMENT = 1.3

#: Fraction of basket cells with autapses, and their mean number. Teaching choice; [Basket]
#: has 44 among 6,514 outputs.
AUTAPTIC_BASKET_CELLS = 0.5
AUTAPSES = 4.0

#: Balance factor between short wiring (0) and short paths to the soma (1), as defined by
#: [Cuntz]; tuned by eye.
BALANCE = {"dendrite": 0.45, "apical dendrite": 0.35, "axon": 0.20}


def preferred(pre_type: str, post_type: str) -> float:
    """Peak probability of a connection from one type to another, at lateral distance 0."""
    wiring = WIRING[pre_type]
    if TYPES[post_type].coarse == "I":
        factor = INHIBITORY_PREFERENCE[pre_type][post_type] if pre_type in LATENT_SIZE else 1.0
        return wiring.to_inhibitory * factor
    if TYPES[post_type].coarse != "E":
        return 0.0
    pair = (_LAYER_OF.get(pre_type), _LAYER_OF[post_type])
    return wiring.to_excitatory if pair in PREFERRED_LAYERS else wiring.to_other_layers


def connection_probability(
    pre_type: str, post_type: str, lateral_um: npt.ArrayLike, vertical_um: npt.ArrayLike
) -> FloatArray:
    """Ground truth: probability that a cell of one type connects to a cell of another.

    Parameters
    ----------
    pre_type, post_type : str
        Automatic types.
    lateral_um, vertical_um : array_like
        Distance of the somata parallel to the pia and in depth, in um.

    Returns
    -------
    numpy.ndarray
        For a fully extended axon; other strategies have the fraction `FOUND_CONNECTIONS` of it.
        Between two excitatory cells, `like_to_like` multiplies it.
    """
    across, down = WIRING[pre_type].reach_um
    fall = (np.asarray(lateral_um, dtype=np.float64) / across) ** 2
    if pre_type not in EXCITATORY or post_type not in EXCITATORY:
        fall = fall + (np.asarray(vertical_um, dtype=np.float64) / down) ** 2
    return np.asarray(preferred(pre_type, post_type) * np.exp(-0.5 * fall))


def like_to_like(difference_deg: npt.ArrayLike) -> FloatArray:
    """Ground truth: factor on the probability of a connection between two excitatory cells.

    Parameters
    ----------
    difference_deg : array_like
        Difference of their preferred orientations in degrees; the factor has a period of 180.

    Returns
    -------
    numpy.ndarray
        Its mean over all differences is 1.
    """
    return np.asarray(1 + LIKE_TO_LIKE * np.cos(np.deg2rad(2 * np.asarray(difference_deg))))

"""Grows arbors: balanced minimum spanning trees through carrier points.

Neurites reach their targets with little wire and with short paths to the soma. At each step,
the greedy algorithm of Cuntz et al. 2010, doi:10.1371/journal.pcbi.1000877, connects the
point with the lowest cost: the new wire plus the balance factor times the path to the soma.
Neurites branch in two, hardly ever in more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.sources.sample import assumptions

_STEP_UM = 9.0  # edges of skeletons are not much longer
_WIGGLE_UM = 1.8
_RADIUS_UM = {"dendrite": (0.9, 0.25), "apical dendrite": (1.3, 0.25), "axon": (0.35, 0.10)}
_SOMA_RADIUS_UM = {"E": 7.5, "I": 7.0}
_HILLOCK_UM = 18.0  # from the soma to the first possible branch point of the axon
_MOST_DENDRITES = 8  # stems per soma
_CORTEX_UM = (5.0, 790.0)  # smallest and largest depth of neurites

# Number of carrier points of the dendrites, and their reach along x, depth and z in um.
_BASAL = (45, (100, 80, 100))
_DENDRITES = {
    "BC": (80, (150, 140, 150)),
    "MC": (65, (100, 150, 100)),
    "BPC": (46, (32, 210, 32)),
    "NGC": (70, (90, 75, 90)),
}
# Depth of the tuft of the apical dendrite in um: mean and standard deviation across cells.
# In layer 6 of mouse V1, corticothalamic cells have longer apical dendrites than the others
# (Brumberg et al. 2003, doi:10.1152/jn.01051.2002), and these are often short (Weis et al. 2025,
# doi:10.1038/s41467-025-58763-w): here the former end in layer 4 and the latter in layer 5. The
# depths are a teaching choice, as is that of 5P-NP cells, below layer 1.
_TUFT_UM = {"6P-IT": (450, 35), "6P-CT": (335, 25), "5P-NP": (120, 20)}
_USUAL_TUFT_UM = (60, 5)
# Number of carrier points of the tuft, and its radius in um; 5P-ET has the widest.
_TUFT = {"5P-ET": (44, 130), "6P-IT": (8, 40), "6P-CT": (8, 35)}
_USUAL_TUFT = (18, 70)


@dataclass(frozen=True, eq=False)
class Arbor:
    """A rooted tree in cortical um; vertex 0 is the soma, and parents come before children."""

    points: FloatArray
    parents: IntArray
    compartment: IntArray
    radius: FloatArray

    def joined(self, other: Arbor) -> Arbor:
        """Return this tree with another tree of the same soma attached to it."""
        shift = len(self.points) - 1
        parents = np.where(other.parents[1:] > 0, other.parents[1:] + shift, 0)
        return Arbor(
            np.concatenate([self.points, other.points[1:]]),
            np.concatenate([self.parents, parents]),
            np.concatenate([self.compartment, other.compartment[1:]]),
            np.concatenate([self.radius, other.radius[1:]]),
        )

    def path_um(self) -> FloatArray:
        """Path length along the tree to the soma in um, shape (n,)."""
        step = np.linalg.norm(self.points - self.points[self.parents], axis=1)
        total = np.zeros(len(step))
        for vertex in range(1, len(step)):
            total[vertex] = total[self.parents[vertex]] + step[vertex]
        return total


def spanning_tree(
    points: FloatArray, balance: float, *, stems: int = 2
) -> tuple[IntArray, IntArray]:
    """Connect points to the first one; all other points have at most two branches.

    Parameters
    ----------
    points : numpy.ndarray, shape (n, 3)
        In um; the first is the root.
    balance : float
        Weight of the path to the root relative to the wire.
    stems : int
        Largest number of branches of the root.

    Returns
    -------
    order : numpy.ndarray, shape (n,)
        The points in the order in which they were connected, the root first.
    parents : numpy.ndarray, shape (n,)
        Parent of each point; the root is its own parent.
    """
    n = len(points)
    parents, order = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    slots = np.full(n, 2)  # further branches that each point can have
    slots[0] = stems
    path = np.zeros(n)
    wire = np.linalg.norm(points - points[0], axis=1)
    cost = wire * (1 + balance)
    cost[0] = np.inf
    outside = np.arange(n) > 0

    def offer(candidates: IntArray, to: IntArray) -> None:
        """Replace parents by points of the tree that cost less."""
        reach = np.sqrt(((points[to][:, None] - points[candidates]) ** 2).sum(axis=2))
        through = reach + balance * (path[candidates] + reach)
        best = through.argmin(axis=1)
        least, row = through.min(axis=1), np.arange(len(to))
        better = least < cost[to]
        improved = to[better]
        cost[improved], parents[improved] = least[better], candidates[best][better]
        wire[improved] = reach[row, best][better]

    for place in range(1, n):
        new = int(np.argmin(cost))
        order[place] = new
        outside[new] = False
        cost[new] = np.inf
        parent = parents[new]
        path[new] = path[parent] + wire[new]
        slots[parent] -= 1
        if slots[parent] == 0:
            # Points that were to be connected here need another parent.
            orphans = np.flatnonzero(outside & (parents == parent))
            cost[orphans] = np.inf
            joined = order[:place]
            offer(joined[slots[joined] > 0], orphans)
        offer(order[place : place + 1], np.flatnonzero(outside))
    return order, parents


def grow(carriers: FloatArray, compartment: str, rng: np.random.Generator) -> Arbor:
    """Grow a neurite from the first point through all others.

    Parameters
    ----------
    carriers : numpy.ndarray, shape (n, 3)
        Points that the neurite reaches, in um; they become vertices. The first one is the soma;
        an axon or an apical dendrite leaves it toward the second one only.
    compartment : {"axon", "dendrite", "apical dendrite"}
        Determines the balance factor and the radii.
    rng : numpy.random.Generator
        Source of randomness, for slight bends between the carrier points.
    """
    balance = assumptions.BALANCE[compartment]
    if compartment != "dendrite":
        # A neuron has one axon and one apical dendrite: everything branches from its first point.
        order, parents = spanning_tree(carriers[1:], balance)
        order, parents = np.append(0, order + 1), np.append([0, 0], parents[1:] + 1)
    else:
        order, parents = spanning_tree(carriers, balance, stems=_MOST_DENDRITES)
    points: list[FloatArray] = [carriers[0]]
    above: list[int] = [0]
    vertex_of = np.zeros(len(carriers), dtype=np.int64)
    for carrier in order[1:]:
        start, end = carriers[parents[carrier]], carriers[carrier]
        last = int(vertex_of[parents[carrier]])
        n_steps = max(1, int(np.ceil(np.linalg.norm(end - start) / _STEP_UM)))
        bend = _bridge(n_steps, rng)
        for step in range(1, n_steps):
            points.append(start + (end - start) * step / n_steps + bend[step])
            above.append(last)
            last = len(points) - 1
        points.append(end)
        above.append(last)
        vertex_of[carrier] = len(points) - 1
    up = np.array(above, dtype=np.int64)
    kind = np.full(len(points), COMPARTMENTS[compartment], dtype=np.int64)
    kind[0] = COMPARTMENTS["soma"]
    return Arbor(np.array(points), up, kind, _tapering(up, *_RADIUS_UM[compartment]))


def _bridge(n_steps: int, rng: np.random.Generator) -> FloatArray:
    """A random walk that returns to its start: deviations from a straight line, in um."""
    walk = np.concatenate([np.zeros((1, 3)), np.cumsum(rng.normal(0, _WIGGLE_UM, (n_steps, 3)), 0)])
    return np.asarray(walk - np.linspace(0, 1, n_steps + 1)[:, None] * walk[-1])


def _tapering(parents: IntArray, stem: float, tip: float) -> FloatArray:
    """Radius in um, which increases with the number of tips of a branch."""
    n_children = np.bincount(parents[1:], minlength=len(parents))
    tips = (n_children == 0).astype(np.float64)
    for vertex in range(len(parents) - 1, 0, -1):
        tips[parents[vertex]] += tips[vertex]
    return np.asarray(tip + (stem - tip) * np.sqrt(tips / tips[0]))


def dendrites(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> Arbor:
    """Grow the dendrites of a cell, and its apical dendrite if it is excitatory.

    Parameters
    ----------
    cell_type : str
        Automatic type of a neuron.
    soma : numpy.ndarray, shape (3,)
        Cortical um.
    rng : numpy.random.Generator
        Source of randomness.
    """
    coarse = assumptions.TYPES[cell_type].coarse
    if coarse == "E":
        tree = grow(_cloud(soma, *_BASAL, rng), "dendrite", rng)
        tree = tree.joined(grow(_apical(cell_type, soma, rng), "apical dendrite", rng))
    else:
        tree = grow(_cloud(soma, *_DENDRITES[cell_type], rng), "dendrite", rng)
    radius = tree.radius.copy()
    radius[0] = _SOMA_RADIUS_UM[coarse]
    return Arbor(tree.points, tree.parents, tree.compartment, radius)


def axon_guides(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Points that an axon passes besides its synapses, in um, shape (n, 3), the hillock first."""
    if assumptions.TYPES[cell_type].coarse == "E":
        # The main axon descends to the white matter.
        depth, sway = np.arange(soma[1] + _HILLOCK_UM, 800, 25), 3
    elif cell_type == "MC":
        # The axon of a Martinotti cell ascends to layer 1.
        depth, sway = np.arange(soma[1] - _HILLOCK_UM, 45, -25), 4
    else:
        direction = rng.normal(size=3)
        return inside_cortex((soma + _HILLOCK_UM * direction / np.linalg.norm(direction))[None])
    shift = np.cumsum(rng.normal(0, sway, (len(depth), 2)), axis=0)
    return np.stack([soma[0] + shift[:, 0], depth, soma[2] + shift[:, 1]], axis=1)


def tuft_depth_um(cell_type: str, rng: np.random.Generator) -> float:
    """Draw the depth of the tuft of an apical dendrite, in um."""
    return rng.normal(*_TUFT_UM.get(cell_type, _USUAL_TUFT_UM))


def inside_cortex(points: FloatArray) -> FloatArray:
    """Reflect points above the pia or in the white matter back into the cortex."""
    top, bottom = _CORTEX_UM
    result = points.copy()
    depth = points[:, 1]
    result[:, 1] = np.where(depth < top, 2 * top - depth, np.minimum(depth, 2 * bottom - depth))
    return result


def _cloud(
    soma: FloatArray, n: int, reach: tuple[float, float, float], rng: np.random.Generator
) -> FloatArray:
    """Carrier points around a soma, denser near it, within the cortex."""
    direction = rng.normal(size=(n, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    distance = 0.15 + 0.85 * rng.random(n)[:, None] ** 0.8
    points = inside_cortex(soma + direction * distance * np.array(reach))
    return np.concatenate([soma[None], points])


def _apical(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Carrier points of an apical dendrite: trunk, oblique branches, and tuft."""
    top = tuft_depth_um(cell_type, rng)
    n_tuft, width = _TUFT.get(cell_type, _USUAL_TUFT)
    # Even a cell whose soma is at the depth of its tuft has a short trunk.
    trunk_depth = np.arange(soma[1] - 15, min(top + 20, soma[1] - 16), -18)
    sway = np.cumsum(rng.normal(0, 1.5, (len(trunk_depth), 2)), axis=0)
    trunk = np.stack([soma[0] + sway[:, 0], trunk_depth, soma[2] + sway[:, 1]], axis=1)
    head = trunk[-1]
    n_oblique = min(len(trunk), 10)
    at = rng.integers(0, max(len(trunk) * 2 // 3, 1), n_oblique)
    angle = 2 * np.pi * rng.random(n_oblique)
    out = rng.uniform(25, 75, n_oblique)
    shift = np.stack([out * np.cos(angle), -0.3 * out, out * np.sin(angle)], axis=1)
    oblique = trunk[at] + shift
    angle, out = 2 * np.pi * rng.random(n_tuft), width * np.sqrt(rng.random(n_tuft))
    height = rng.uniform(max(top - 50, 5), top + 15, n_tuft)
    tuft = np.stack(
        [head[0] + out * np.cos(angle), np.minimum(height, head[1]), head[2] + out * np.sin(angle)],
        axis=1,
    )
    return np.concatenate([soma[None], trunk, oblique, tuft])

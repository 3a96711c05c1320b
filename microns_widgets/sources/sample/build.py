"""Generates the sample: ``python -m microns_widgets.sources.sample.build [folder]``.

The same seed gives the same files. Each stage has its own random numbers, so that a change to one
leaves the draws of the others as they were. A test compares a new build with the files in the
package.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.depth import from_cortical
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.sources.sample import assumptions, storage
from microns_widgets.sources.sample.arbors import (
    Arbor,
    axon_guides,
    dendrites,
    grow,
    inside_cortex,
)
from microns_widgets.sources.sample.population import (
    Population,
    make_population,
    new_root_ids,
    with_segmentless_nucleus,
)
from microns_widgets.sources.sample.sites import place_on_targets, target_structures
from microns_widgets.sources.sample.tuning import preferred_orientations, tuning_table
from microns_widgets.sources.sample.wiring import (
    UNKNOWN,
    Contacts,
    contacts_of_proofread_axons,
    further_contacts,
    latent_sizes,
)
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, SYNTHETIC, write_feather

# Distance scale between an output onto a fragment and a known output, in um.
_STRAY_UM = 18.0


@dataclass(frozen=True, eq=False)
class Sample:
    """A synthetic connectome: tables in the formats of the real ones, and skeletons in nm.

    The synapse table also has the column ``target_structure``.
    """

    cells: pd.DataFrame
    synapses: pd.DataFrame
    skeletons: list[Skeleton]
    tuning: pd.DataFrame


def generate(seed: int = assumptions.SEED) -> Sample:
    """Generate the sample from a seed; takes half a minute."""
    stage = _stages(seed)
    population, orientation = _cells(stage)
    n = population.n_proofread
    rng = next(stage)
    trees = [dendrites(population.types[cell], population.soma_um[cell], rng) for cell in range(n)]
    rng = next(stage)
    inputs, outputs = latent_sizes(population, rng)
    from_axons = contacts_of_proofread_axons(population, outputs, orientation, rng)
    further = further_contacts(population, inputs, rng)
    rng = next(stage)
    sites = place_on_targets(population, trees, from_axons, rng)
    from_axons_at = _with_lost_targets(population, from_axons, sites.positions, rng)
    further_sites = place_on_targets(population, trees, further, rng)
    rng = next(stage)
    skeletons = [
        _skeleton(population, cell, trees[cell], from_axons_at[from_axons.pre == cell], rng)
        for cell in range(n)
    ]
    contacts = Contacts(
        np.concatenate([from_axons.pre, further.pre]),
        np.concatenate([from_axons.post, further.post]),
        np.concatenate([from_axons.pre_is_inhibitory, further.pre_is_inhibitory]),
    )
    places = np.concatenate([from_axons_at, further_sites.positions])
    on_soma = np.concatenate([sites.on_soma, further_sites.on_soma])
    structure = target_structures(population, contacts, on_soma, next(stage))
    synapses = _synapse_table(population, contacts, places, structure, next(stage))
    cells = with_segmentless_nucleus(population.table, next(stage))
    return Sample(cells, synapses, skeletons, tuning_table(population, orientation, next(stage)))


def true_orientations(seed: int = assumptions.SEED) -> pd.Series:
    """Preferred orientations of excitatory proofread cells by nucleus id: the ground truth.

    The files contain only what the scans measured of them.
    """
    population, orientation = _cells(_stages(seed))
    nuclei = population.table["nucleus_id"].iloc[: population.n_proofread]
    return pd.Series(orientation, index=nuclei.to_numpy()).dropna()


def write(sample: Sample, folder: Path) -> None:
    """Write the four files of the sample to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_feather(sample.cells, folder / storage.CELLS)
    write_feather(sample.synapses, folder / storage.SYNAPSES)
    storage.write_skeletons(sample.skeletons, folder / storage.SKELETONS)
    write_feather(sample.tuning, folder / storage.TUNING)


def _cells(stage: Iterator[np.random.Generator]) -> tuple[Population, FloatArray]:
    population = make_population(next(stage))
    return population, preferred_orientations(population, next(stage))


def _stages(seed: int) -> Iterator[np.random.Generator]:
    """Yield a generator of random numbers for each stage in turn."""
    return (np.random.default_rng([seed, number]) for number in itertools.count())


def _with_lost_targets(
    population: Population, contacts: Contacts, places: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Place the outputs onto fragments near outputs of the same axon onto cells."""
    result = places.copy()
    for cell in range(population.n_proofread):
        own = contacts.pre == cell
        lost = np.flatnonzero(own & (contacts.post == UNKNOWN))
        known = places[own & (contacts.post != UNKNOWN)]
        if len(lost):
            near = known[rng.integers(0, len(known), len(lost))]
            result[lost] = inside_cortex(near + rng.normal(0, _STRAY_UM, (len(lost), 3)))
    return result


def _skeleton(
    population: Population, cell: int, tree: Arbor, outputs: FloatArray, rng: np.random.Generator
) -> Skeleton:
    soma = population.soma_um[cell]
    guides = axon_guides(population.types[cell], soma, rng)
    axon = grow(np.concatenate([soma[None], guides, outputs]), "axon", rng)
    whole = tree.joined(axon)
    child = np.arange(1, len(whole.points))
    return Skeleton(
        np.rint(from_cortical(whole.points)),
        np.stack([child, whole.parents[1:]], axis=1),
        np.rint(whole.radius * 1000),
        whole.compartment,
        root=0,
        root_id=int(population.ids[cell]),
        source=SYNTHETIC,
    )


def _synapse_table(
    population: Population,
    contacts: Contacts,
    places: FloatArray,
    structure: pd.Categorical[str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    n = len(places)
    nm = np.rint(from_cortical(places))
    gaps = rng.integers(1, 1_500, n)
    sizes = np.where(
        contacts.pre_is_inhibitory[:, None], assumptions.LOG_SIZE["I"], assumptions.LOG_SIZE["E"]
    )
    columns = {
        "id": rng.permutation(1_000_000 + np.cumsum(gaps)),
        **{f"ctr_pt_position_{axis}": nm[:, place] for place, axis in enumerate("xyz")},
        "pre_pt_root_id": _ids(population, contacts.pre, rng, block=2),
        "post_pt_root_id": _ids(population, contacts.post, rng, block=3),
        "size": np.maximum(np.rint(rng.lognormal(sizes[:, 0], sizes[:, 1])), 1),
    }
    table = pd.DataFrame(
        {name: columns[name].astype(kind) for name, kind in SYNAPSE_COLUMNS.items()}
    )
    table["target_structure"] = structure
    # The id breaks ties, so that the order is the same on all machines.
    keys = ["post_pt_root_id", "pre_pt_root_id", "size", "id"]
    return table.sort_values(keys, ignore_index=True)


def _ids(
    population: Population, cells: IntArray, rng: np.random.Generator, *, block: int
) -> IntArray:
    lost = np.flatnonzero(cells == UNKNOWN)
    fragments = new_root_ids(
        int(len(lost) / assumptions.SYNAPSES_PER_FRAGMENT) + 1, rng, block=block
    )
    ids = population.ids[cells]
    ids[lost] = rng.choice(fragments, len(lost))
    return ids


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else storage.DATA
    write(generate(), target)
    for path in sorted(target.glob("*.feather")):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")

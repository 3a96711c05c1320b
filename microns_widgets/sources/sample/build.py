"""Generates the sample: ``python -m microns_widgets.sources.sample.build [folder]``.

The same seed gives the same files. A test compares a new build with the files in the package.
"""

from __future__ import annotations

import sys
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
from microns_widgets.sources.sample.sites import place_on_targets
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
    """A synthetic connectome: two tables in the workshop's format, and skeletons in nm."""

    cells: pd.DataFrame
    synapses: pd.DataFrame
    skeletons: list[Skeleton]


def generate(seed: int = assumptions.SEED) -> Sample:
    """Generate the sample from a seed; takes half a minute."""
    rng = np.random.default_rng(seed)
    population = make_population(rng)
    n = population.n_proofread
    trees = [dendrites(population.types[cell], population.soma_um[cell], rng) for cell in range(n)]
    inputs, outputs = latent_sizes(population, rng)
    from_axons = contacts_of_proofread_axons(population, outputs, rng)
    further = further_contacts(population, inputs, rng)
    from_axons_at = _with_lost_targets(
        population, from_axons, place_on_targets(population, trees, from_axons, rng), rng
    )
    further_at = place_on_targets(population, trees, further, rng)
    skeletons = [
        _skeleton(population, cell, trees[cell], from_axons_at[from_axons.pre == cell], rng)
        for cell in range(n)
    ]
    contacts = Contacts(
        np.concatenate([from_axons.pre, further.pre]),
        np.concatenate([from_axons.post, further.post]),
        np.concatenate([from_axons.pre_is_inhibitory, further.pre_is_inhibitory]),
    )
    synapses = _synapse_table(
        population, contacts, np.concatenate([from_axons_at, further_at]), rng
    )
    return Sample(with_segmentless_nucleus(population.table, rng), synapses, skeletons)


def write(sample: Sample, folder: Path) -> None:
    """Write the three files of the sample to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_feather(sample.cells, folder / storage.CELLS)
    write_feather(sample.synapses, folder / storage.SYNAPSES)
    storage.write_skeletons(sample.skeletons, folder / storage.SKELETONS)


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
    population: Population, contacts: Contacts, places: FloatArray, rng: np.random.Generator
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

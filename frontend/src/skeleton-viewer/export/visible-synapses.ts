// The synapses that are visible in the picture, for what is exported.
import type { Cell } from "../data/cell";
import type { Paint } from "../render/colors";

/** Synapses with a size above 0 in the picture. */
export function* visibleSynapses(cells: readonly Cell[], paints: readonly Paint[]) {
  for (const [place, cell] of cells.entries()) {
    const sizes = paints[place]?.synapses;
    for (let i = 0; i < cell.synapses.n; i++) if (sizes?.[4 * i + 3]) yield { cell, i };
  }
}

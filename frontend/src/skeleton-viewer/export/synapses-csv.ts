// Synapses as CSV.
import { quote } from "../../shared/csv";
import { type Cell, distanceToSoma } from "../data/cell";
import type { Paint } from "../render/colors";
import { visibleSynapses } from "./visible-synapses";

/**
 * The visible synapses, one row each; positions in nm of the volume. The depth is empty for a
 * synapse outside the volume, the size if there is none, and the distance to the soma if the skeleton has no soma.
 */
export function toCsv(cells: readonly Cell[], paints: readonly Paint[]): string {
  const lines = [
    "cell_root_id,id,direction,partner_root_id,partner_type,size,x_nm,y_nm,z_nm,depth_um,distance_to_soma_um",
  ];
  for (const { cell, i } of visibleSynapses(cells, paints)) {
    const { id, direction, partner, type, size, nm, um, inside } = cell.synapses;
    const distance = distanceToSoma(cell, i);
    lines.push(
      [
        cell.id,
        id[i],
        direction.labels[direction.codes[i] as number],
        partner.at(i),
        quote(type.labels[type.codes[i] as number] ?? ""),
        Number.isNaN(size[i]) ? "" : size[i],
        nm.x[i],
        nm.y[i],
        nm.z[i],
        inside[i] ? (um[3 * i + 1] as number).toFixed(2) : "",
        Number.isFinite(distance) ? distance.toFixed(2) : "",
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}

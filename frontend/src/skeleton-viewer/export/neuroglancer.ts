// A link that shows the same cells and synapses in Neuroglancer.
import type { Cell } from "../data/cell";
import type { Paint } from "../render/colors";
import type { World } from "../state";
import { visibleSynapses } from "./visible-synapses";

interface Layer {
  name: string;
  segments?: string[];
  annotations?: unknown[];
}

/** A link to the cells and visible synapses, as widgets/_neuroglancer.py writes it; null if the
 * data set has no images. */
export function neuroglancerUrl(
  world: World,
  cells: readonly Cell[],
  paints: readonly Paint[],
): string | null {
  if (!world.neuroglancer) return null;
  const { url, state, most } = world.neuroglancer;
  let visible = [...visibleSynapses(cells, paints)];
  if (visible.length > most) {
    const size = ({ cell, i }: (typeof visible)[number]) => cell.synapses.size[i] as number;
    const ranked = visible.map((_, place) => place);
    ranked.sort((a, b) => size(visible[b] as never) - size(visible[a] as never));
    const largest = ranked.slice(0, most).sort((a, b) => a - b);
    visible = largest.map((place) => visible[place] as (typeof visible)[number]);
  }
  const side = ({ cell, i }: (typeof visible)[number]) =>
    `${cell.synapses.direction.labels[cell.synapses.direction.codes[i] as number]}s`;
  const layers = (state.layers as Layer[]).map((layer): Layer => {
    if (layer.segments) return { ...layer, segments: cells.map(({ id }) => id) };
    if (!layer.annotations) return layer;
    return { ...layer, annotations: visible.filter((one) => side(one) === layer.name).map(point) };
  });
  const nucleus = cells[0]?.about.nucleus;
  const voxel = state.dimensions as Record<string, [number, string]>;
  const position = nucleus?.map((nm, k) => nm / (voxel["xyz".charAt(k)]?.[0] ?? 1) / 1e9);
  return `${url}#!${encodeURI(JSON.stringify({ ...state, layers, ...(position && { position }) }))}`;
}

function point({ cell: { synapses }, i }: { cell: Cell; i: number }) {
  const { id, nm, type, partner } = synapses;
  return {
    type: "point",
    id: String(id[i]),
    description: type.labels[type.codes[i] as number] || "unknown",
    segments: [[partner.at(i)]],
    props: [],
    point: [nm.x[i], nm.y[i], nm.z[i]],
  };
}

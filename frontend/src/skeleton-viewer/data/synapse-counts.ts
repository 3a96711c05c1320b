// Numbers of synapses: by type for the legend, by depth and by layer for the profile.
import { type Layer, layerAt, layerName } from "../../shared/layers";
import { typeOrder } from "../../shared/palette";
import { type Directions, includesDirection } from "../state";
import type { Cell } from "./cell";

type Kind = "cable" | "input" | "output";

/** Synapses of each partner type, hidden types included, among the directions shown. */
export function typeCounts(cells: readonly Cell[], directions: Directions): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { synapses } of cells) {
    const { direction, type, n } = synapses;
    const included = direction.labels.map((label) => includesDirection(directions, label));
    const counts = new Uint32Array(type.labels.length);
    for (let i = 0; i < n; i++) {
      const code = type.codes[i] as number;
      if (included[direction.codes[i] as number]) counts[code] = (counts[code] as number) + 1;
    }
    counts.forEach((count, code) => {
      const label = type.labels[code] as string;
      if (count > 0) totals.set(label, (totals.get(label) ?? 0) + count);
    });
  }
  return new Map(typeOrder(totals.keys()).map((label) => [label, totals.get(label) as number]));
}

/** Synapses in each direction, shown or not. */
export function directionCounts(cells: readonly Cell[]): { input: number; output: number } {
  const counts = { input: 0, output: 0 };
  for (const { synapses } of cells) {
    const { direction, n } = synapses;
    for (let i = 0; i < n; i++) {
      const label = direction.labels[direction.codes[i] as number];
      if (label === "input" || label === "output") counts[label]++;
    }
  }
  return counts;
}

/** Cable length (um) and number of visible synapses in bins of depth, starting at `top`. */
export interface Profile {
  top: number;
  bin: number;
  cable: Float64Array;
  input: Float64Array;
  output: Float64Array;
}

const BIN = 20;

/** The depth profile inside the volume; `visible` has the synapses' colours: alpha 0 hides one. */
export function depthProfile(
  cells: readonly Cell[],
  visible: readonly Uint8Array[],
  bottom: number,
): Profile {
  const [low, high] = depthRange(cells, bottom);
  const top = Math.floor(low / BIN) * BIN;
  const bins = Math.max(1, Math.ceil((high - top) / BIN));
  const profile: Profile = {
    top,
    bin: BIN,
    cable: new Float64Array(bins),
    input: new Float64Array(bins),
    output: new Float64Array(bins),
  };
  const add = (to: Float64Array, depth: number, value: number) => {
    const at = Math.max(0, Math.min(bins - 1, Math.floor((depth - top) / BIN)));
    to[at] = (to[at] as number) + value;
  };
  eachDepth(cells, visible, (kind, depth, value) => add(profile[kind], depth, value));
  return profile;
}

/** Cable length (um) and number of visible synapses in a part of the cortex. */
export interface PartCounts {
  name: string;
  cable: number;
  input: number;
  output: number;
}

/**
 * The profile in numbers: one part for each layer that has something, and one for what is above the
 * soma, if there is one cell with a soma inside the volume.
 */
export function layerCounts(
  cells: readonly Cell[],
  visible: readonly Uint8Array[],
  layers: readonly Layer[],
): PartCounts[] {
  const part = (name: string): PartCounts => ({ name, cable: 0, input: 0, output: 0 });
  const parts = layers.map(([name]) => part(layerName(name)));
  const soma = onlySoma(cells);
  const above = part("above soma");
  eachDepth(cells, visible, (kind, depth, value) => {
    const layer = parts[layerAt(layers, depth)];
    if (layer) layer[kind] += value;
    if (soma !== null && depth < soma) above[kind] += value;
  });
  const filled = parts.filter(({ cable, input, output }) => cable + input + output > 0);
  return soma === null ? filled : [...filled, above];
}

/** Depth of the soma of the only cell; null if there are several cells or no depth. */
export function onlySoma(cells: readonly Cell[]): number | null {
  const soma = cells.length === 1 ? cells[0]?.soma : null;
  return soma?.inside ? soma.um[1] : null;
}

/** Calls with each edge (its length, at its middle) and each visible synapse inside the volume. */
function eachDepth(
  cells: readonly Cell[],
  visible: readonly Uint8Array[],
  call: (kind: Kind, depth: number, value: number) => void,
): void {
  cells.forEach(({ tree, synapses }, place) => {
    for (let i = 0; tree && i < tree.n; i++) {
      const parent = tree.parent[i] as number;
      if (parent < 0 || !tree.inside[i] || !tree.inside[parent]) continue;
      const [a, b] = [3 * i, 3 * parent];
      let squared = 0;
      for (let k = 0; k < 3; k++) {
        squared += ((tree.um[a + k] as number) - (tree.um[b + k] as number)) ** 2;
      }
      const middle = ((tree.um[a + 1] as number) + (tree.um[b + 1] as number)) / 2;
      call("cable", middle, Math.sqrt(squared));
    }
    const colors = visible[place];
    for (let i = 0; i < synapses.n; i++) {
      if (!colors?.[4 * i + 3] || !synapses.inside[i]) continue;
      const side = synapses.direction.labels[synapses.direction.codes[i] as number];
      call(side === "input" ? "input" : "output", synapses.um[3 * i + 1] as number, 1);
    }
  });
}

function depthRange(cells: readonly Cell[], bottom: number): [number, number] {
  let [low, high] = [0, bottom];
  for (const { tree, synapses } of cells) {
    for (const { um, inside } of tree ? [tree, synapses] : [synapses]) {
      for (let i = 0; i < inside.length; i++) {
        if (!inside[i]) continue;
        low = Math.min(low, um[3 * i + 1] as number);
        high = Math.max(high, um[3 * i + 1] as number);
      }
    }
  }
  return [low, high];
}

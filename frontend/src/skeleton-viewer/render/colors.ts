// What colour everything has. Colours are red, green, blue from 0 to 255.
import table from "../../../../microns_widgets/palette.json";
import { rgb } from "../../shared/palette";
import { type Cell, COMPARTMENTS } from "../data/cell";
import type { ColorBy, SynapseColor, SynapsesShown, World } from "../state";
import { isShown } from "../state";

export type Color = [number, number, number];

/** The colours of one cell: RGBA for each vertex and each synapse. */
export interface Paint {
  tree: Uint8Array;
  soma: Color;
  /** The fourth value is a synapse's size in the picture, 128 the usual one; 0 hides it. */
  synapses: Uint8Array;
}

export interface PaintBy {
  colorBy: ColorBy;
  shown: SynapsesShown;
  synapseColor: SynapseColor;
  hidden: readonly string[];
  world: World;
  /** Sizes that have the ends of the colour scale. */
  sizes: [number, number];
}

const NEURONS = table.types.filter(({ group }) => group === "E" || group === "I");
const USUAL_SIZE = 128;

export function toHex(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** A colour for each cell, as plots.plot_skeletons chooses: the types' where each occurs once. */
export function cellColors(types: readonly string[]): Color[] {
  const known = new Set(NEURONS.map(({ label }) => label));
  const distinct = new Set(types).size === types.length && types.every((type) => known.has(type));
  return types.map((type, place) =>
    bytes(rgb(distinct ? type : (NEURONS[place % NEURONS.length]?.label ?? ""))),
  );
}

/**
 * Matplotlib's viridis at 0 to 1, by polynomials of the sixth degree.
 *
 * Coefficients: Matt Zucker, https://www.shadertoy.com/view/WlfXRN (public domain).
 */
export function viridis(at: number): Color {
  const t = Math.max(0, Math.min(1, at));
  return [0, 1, 2].map((channel) => {
    let value = 0;
    for (const row of VIRIDIS) value = value * t + (row[channel] as number);
    return 255 * Math.max(0, Math.min(1, value));
  }) as Color;
}

const VIRIDIS: readonly Color[] = [
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
];

/** The 1st and the 99th percentile of the sizes, which the ends of the scale have. */
export function sizeRange(cells: readonly Cell[]): [number, number] {
  const total = cells.reduce((sum, { synapses }) => sum + synapses.n, 0);
  const all = new Float64Array(total);
  let filled = 0;
  for (const { synapses } of cells) {
    all.set(synapses.size, filled);
    filled += synapses.n;
  }
  if (total === 0) return [1, 2];
  all.sort();
  const low = Math.max(1, all[Math.floor(0.01 * (total - 1))] as number);
  return [low, Math.max(all[Math.ceil(0.99 * (total - 1))] as number, low * 1.01)];
}

/** Where a size is between the ends of the scale, 0 to 1, by its logarithm. */
export function sizePlace(size: number, [low, high]: [number, number]): number {
  const place = Math.log(Math.max(size, 1) / low) / Math.log(high / low);
  return Math.max(0, Math.min(1, place));
}

/** How deep a depth is between the pia and the lowest layer's bottom, 0 to 1. */
export function depthPlace(depth: number, world: World): number {
  const bottom = world.layers.at(-1)?.[2] ?? 1000;
  return Math.max(0, Math.min(1, depth / bottom));
}

export function paint(cell: Cell, own: Color, by: PaintBy): Paint {
  return {
    tree: treeColors(cell, own, by),
    soma: somaColor(cell, own, by),
    synapses: synapseColors(cell, by),
  };
}

function somaColor(cell: Cell, own: Color, { colorBy, world }: PaintBy): Color {
  if (colorBy === "cell") return own;
  if (colorBy === "compartment") return bytes(rgb("soma"));
  return viridis(1 - depthPlace(cell.soma?.um[1] ?? 0, world));
}

function treeColors({ tree }: Cell, own: Color, { colorBy, world }: PaintBy): Uint8Array {
  if (!tree) return new Uint8Array();
  const made = new Uint8Array(4 * tree.n);
  const compartments = new Map<number, Color>();
  for (let i = 0; i < tree.n; i++) {
    let color = own;
    if (colorBy === "depth") {
      color = viridis(1 - depthPlace(tree.um[3 * i + 1] as number, world));
    } else if (colorBy === "compartment") {
      const number = tree.compartment[i] as number;
      const known = compartments.get(number) ?? bytes(rgb(COMPARTMENTS.get(number) ?? ""));
      compartments.set(number, known);
      color = known;
    }
    made.set(color, 4 * i);
    made[4 * i + 3] = 255;
  }
  return made;
}

function synapseColors({ synapses }: Cell, by: PaintBy): Uint8Array {
  const { direction, type, size, n } = synapses;
  const made = new Uint8Array(4 * n);
  const hidden = new Set(by.hidden);
  const shown = direction.labels.map((label) => isShown(by.shown, label));
  const kept = type.labels.map((label) => !hidden.has(label));
  const text = by.synapseColor === "type" ? type : direction;
  const colors = text.labels.map((label) => bytes(rgb(label)));
  for (let i = 0; i < n; i++) {
    if (!shown[direction.codes[i] as number] || !kept[type.codes[i] as number]) continue;
    if (by.synapseColor === "size") {
      const place = sizePlace(size[i] as number, by.sizes);
      made.set(viridis(place), 4 * i);
      made[4 * i + 3] = 80 + 175 * place;
    } else {
      made.set(colors[text.codes[i] as number] as Color, 4 * i);
      made[4 * i + 3] = USUAL_SIZE;
    }
  }
  return made;
}

function bytes(color: Color): Color {
  return color.map((part) => Math.round(255 * part)) as Color;
}

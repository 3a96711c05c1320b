// The colours of cells and synapses, as red, green and blue from 0 to 255.
import { CELL_CYCLE } from "../../shared/contract";
import { isNeuron, rgb } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import { type Cell, COMPARTMENT_NAMES } from "../data/cell";
import type { PairSynapses } from "../data/partner";
import type { ColorBy, Directions, SynapseColor, World } from "../state";
import { includesDirection } from "../state";
import { depthColor, sizeColor } from "./color-scales";

export type Color = [number, number, number];

/** The colours of one cell: RGBA for each vertex and each synapse. */
export interface Paint {
  tree: Uint8Array;
  soma: Color;
  /** RGB and, as fourth value, the synapse's size in the picture: 128 is normal, 0 hides it. */
  synapses: Uint8Array;
}

/** What the colour of skeletons shows, once "auto" is decided. */
export type ShownColorBy = Exclude<ColorBy, "auto">;

export interface PaintBy {
  theme: Theme;
  colorBy: ShownColorBy;
  directions: Directions;
  synapseColor: SynapseColor;
  hidden: readonly string[];
  world: World;
  /** Synapse sizes at the ends of the colour scale. */
  sizes: [number, number];
}

const NORMAL_SIZE = 128;
/** Sizes in the picture of the smallest and the largest synapse if the colour shows the size. */
const SIZES = [122, 255] as const;
const GREY: Record<Theme, Color> = { light: [178, 183, 190], dark: [104, 111, 121] };
const GREY_SOMA: Record<Theme, Color> = { light: [140, 146, 155], dark: [135, 142, 152] };

/**
 * What the colour of skeletons shows, as in Python's _viewer_traits.shown_color_by.
 *
 * Colours of types or sizes would be lost on coloured skeletons, which are then grey.
 */
export function shownColorBy(
  colorBy: ColorBy,
  synapseColor: SynapseColor,
  directions: Directions,
  nCells: number,
): ShownColorBy {
  if (colorBy !== "auto") return colorBy;
  if (synapseColor !== "direction" && directions !== "none") return "grey";
  return nCells > 1 ? "cell" : "compartment";
}

/** The colour of skeletons that show nothing by their colour. */
export function grey(theme: Theme): Color {
  return GREY[theme];
}

/** A colour for each cell, as in plots.plot_morphologies: that of its type if all types differ. */
export function cellColors(types: readonly string[], theme: Theme): Color[] {
  const distinct = new Set(types).size === types.length && types.every(isNeuron);
  return types.map((type, place) =>
    rgb(distinct ? type : (CELL_CYCLE[place % CELL_CYCLE.length] ?? ""), theme),
  );
}

/** The 1st and 99th percentile of the synapse sizes: the ends of the colour scale. */
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

/** Position of a size on the logarithmic colour scale, 0 to 1. */
export function sizePlace(size: number, [low, high]: [number, number]): number {
  const place = Math.log(Math.max(size, 1) / low) / Math.log(high / low);
  return Math.max(0, Math.min(1, place));
}

/** Position of a depth between the pia and the bottom of the lowest layer, 0 to 1. */
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

/** The paints with no synapses but those of a pair; all others get the size 0. */
export function onlyPair(
  paints: readonly Paint[],
  cells: readonly Cell[],
  { synapses }: PairSynapses,
): Paint[] {
  return paints.map((before, place) => {
    const shown = new Uint8Array(before.synapses.length);
    for (const { cell, index } of synapses) {
      if (cell !== cells[place]) continue;
      shown.set(before.synapses.subarray(4 * index, 4 * index + 4), 4 * index);
    }
    return { ...before, synapses: shown };
  });
}

function somaColor(cell: Cell, own: Color, { colorBy, world, theme }: PaintBy): Color {
  if (colorBy === "cell") return own;
  if (colorBy === "grey") return GREY_SOMA[theme];
  if (colorBy === "compartment") return rgb("soma", theme);
  if (!cell.soma?.inside) return rgb("", theme);
  return depthColor(depthPlace(cell.soma.um[1], world), theme);
}

function treeColors({ tree }: Cell, own: Color, { colorBy, world, theme }: PaintBy): Uint8Array {
  if (!tree) return new Uint8Array();
  const vertexColors = new Uint8Array(4 * tree.n);
  const compartments = new Map<number, Color>();
  const unknown = rgb("", theme);
  const plain = colorBy === "grey" ? GREY[theme] : own;
  for (let i = 0; i < tree.n; i++) {
    let color = plain;
    if (colorBy === "depth") {
      // Outside the volume there is no depth.
      color = tree.inside[i]
        ? depthColor(depthPlace(tree.um[3 * i + 1] as number, world), theme)
        : unknown;
    } else if (colorBy === "compartment") {
      const number = tree.compartment[i] as number;
      const compartmentColor =
        compartments.get(number) ?? rgb(COMPARTMENT_NAMES.get(number) ?? "", theme);
      compartments.set(number, compartmentColor);
      color = compartmentColor;
    }
    vertexColors.set(color, 4 * i);
    vertexColors[4 * i + 3] = 255;
  }
  return vertexColors;
}

function synapseColors({ synapses }: Cell, by: PaintBy): Uint8Array {
  const { direction, type, size, n } = synapses;
  const rgba = new Uint8Array(4 * n);
  const hidden = new Set(by.hidden);
  const visibleDirections = direction.labels.map((label) =>
    includesDirection(by.directions, label),
  );
  const visibleTypes = type.labels.map((label) => !hidden.has(label));
  const text = by.synapseColor === "type" ? type : direction;
  const colors = text.labels.map((label) => rgb(label, by.theme));
  for (let i = 0; i < n; i++) {
    if (!visibleDirections[direction.codes[i] as number] || !visibleTypes[type.codes[i] as number])
      continue;
    if (by.synapseColor === "size") {
      const place = sizePlace(size[i] as number, by.sizes);
      rgba.set(sizeColor(place, by.theme), 4 * i);
      rgba[4 * i + 3] = SIZES[0] + (SIZES[1] - SIZES[0]) * place;
    } else {
      rgba.set(colors[text.codes[i] as number] as Color, 4 * i);
      rgba[4 * i + 3] = NORMAL_SIZE;
    }
  }
  return rgba;
}

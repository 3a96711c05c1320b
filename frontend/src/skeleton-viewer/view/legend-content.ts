// What the legend says: which colours and marks mean what, and how many synapses there are. The
// page and the exported pictures show the same.

import { toHex } from "../../shared/contrast";
import { counted, grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import { type Cell, COMPARTMENT_NAMES } from "../data/cell";
import type { PairSynapses } from "../data/partner";
import { directionCounts, typeCounts } from "../data/synapse-counts";
import { depthColor, sizeColor } from "../render/color-scales";
import { type Color, grey, type ShownColorBy } from "../render/colors";
import type { Directions, SynapseColor, World } from "../state";

export interface LegendInput {
  cells: readonly Cell[];
  /** Those that the legend does not hide. */
  shown: readonly Cell[];
  cellColors: readonly Color[];
  theme: Theme;
  colorBy: ShownColorBy;
  /** Whether the user has not chosen what the colour of skeletons shows. */
  auto: boolean;
  directions: Directions;
  synapseColor: SynapseColor;
  hidden: readonly string[];
  sizes: [number, number];
  world: World;
  /** The pair on view: its box counts the synapses, only some of which are drawn. */
  pair: PairSynapses | null;
}

export type Swatch = "line" | "dot" | "triangle";

export interface LegendRow {
  swatch: Swatch;
  /** null: only the outline. */
  color: string | null;
  name: string;
  /** Small text after the name, such as a root id. */
  detail?: string;
  note?: string;
  count?: number;
  /** What a checkbox in front of the row shows and hides. */
  shows?: { direction: "input" | "output" } | { type: string } | { cell: RootId };
}

/** A colour scale, from low to high. */
export interface Ramp {
  low: string;
  high: string;
  colors: string[];
}

export interface LegendSection {
  title: string;
  rows?: LegendRow[];
  ramp?: Ramp;
  note?: string;
  /** Whether buttons show or hide all rows at once. */
  all?: boolean;
}

const WHY_GREY = "grey, so that the colours of the synapses stand out";

export function legendSections(input: LegendInput): LegendSection[] {
  const { cells, shown, colorBy, pair } = input;
  const parts = colorBy === "cell" ? [] : [skeletons(input)];
  if (!pair && (colorBy === "cell" || cells.length > 1)) parts.push(cellSection(input));
  const sides = directionCounts(shown);
  if (sides.input + sides.output > 0) parts.push(...synapses(input, sides));
  return parts.filter(({ rows, ramp, note }) => rows?.length || ramp || note);
}

/** What an exported picture of a pair says in place of the box beside it on the page. */
export function pairSections(pair: PairSynapses, input: LegendInput): LegendSection[] {
  const { pre, post, there, back, thereAs } = pair;
  const cells = cellSection({ ...input, cells: [pre, post] });
  const rows = cells.rows?.map((row, place) => ({ ...row, name: `${"AB"[place]} ${row.name}` }));
  const way = (name: string, { n }: typeof there, direction: "input" | "output"): LegendRow => ({
    ...directionMark(direction, input),
    name: `${name}: ${n > 0 ? counted(n, "synapse") : "no synapses"}`,
    shows: { direction },
  });
  const ways = [
    way("A → B", there, thereAs),
    way("B → A", back, thereAs === "input" ? "output" : "input"),
  ];
  return [
    { ...cells, ...(rows && { rows }) },
    { title: "Synapses", rows: ways },
  ];
}

function directionMark(
  direction: "input" | "output",
  { synapseColor, theme }: LegendInput,
): Pick<LegendRow, "swatch" | "color"> {
  return {
    swatch: direction === "input" ? "dot" : "triangle",
    color: synapseColor === "direction" ? color(direction, theme) : "currentColor",
  };
}

function skeletons({ cells, colorBy, theme, world, auto }: LegendInput): LegendSection {
  if (colorBy === "grey") {
    const row: LegendRow = { swatch: "line", color: toHex(grey(theme)), name: "skeleton" };
    return {
      title: cells.length > 1 ? "Skeletons" : "Cell",
      rows: cells.some(({ tree }) => tree) ? [row] : [],
      ...(auto && { note: WHY_GREY }),
    };
  }
  if (colorBy === "depth") {
    const high = `${world.layers.at(-1)?.[2] ?? 1000} µm`;
    return { title: "Depth", ramp: ramp("0", high, (at) => depthColor(at, theme)) };
  }
  return compartments(cells, theme);
}

function cellSection({ cells, cellColors, colorBy }: LegendInput): LegendSection {
  const rows = cells.map(
    ({ id, about, tree }, place): LegendRow => ({
      swatch: "line",
      color: colorBy === "cell" ? toHex(cellColors[place] as Color) : null,
      name: about.type || "cell",
      detail: id,
      ...(tree?.soma === null && { note: "(no soma)" }),
      ...(cells.length > 1 && { shows: { cell: id } }),
    }),
  );
  return { title: "Cells", rows };
}

function compartments(cells: readonly Cell[], theme: Theme): LegendSection {
  const present = new Set(
    cells.flatMap(({ tree }) => (tree ? [...new Set(tree.compartment)] : [])),
  );
  const rows = [...COMPARTMENT_NAMES]
    .filter(([number]) => present.has(number))
    .map(([number, name]): LegendRow => {
      return { swatch: number === 1 ? "dot" : "line", color: color(name, theme), name };
    });
  if ([...present].some((number) => !COMPARTMENT_NAMES.has(number))) {
    rows.push({ swatch: "line", color: color("", theme), name: "other" });
  }
  const without = cells.filter(({ tree }) => tree?.soma === null).length;
  const note = cells.length === 1 ? "no soma in this skeleton" : `no soma in ${without} skeletons`;
  return { title: "Compartments", rows, ...(without > 0 && { note }) };
}

function synapses(input: LegendInput, sides: Record<"input" | "output", number>): LegendSection[] {
  const { shown, directions, synapseColor, sizes, theme, pair } = input;
  const parts: LegendSection[] = [];
  if (!pair) {
    parts.push({
      title: "Synapses",
      rows: (["input", "output"] as const).map((direction) => ({
        ...directionMark(direction, input),
        name: `${direction}s`,
        count: sides[direction],
        shows: { direction },
      })),
    });
  }
  if (synapseColor === "size") {
    const [low, high] = sizes.map((size) => grouped(Math.round(size))) as [string, string];
    const scale = ramp(low, high, (at) => sizeColor(at, theme));
    parts.push({ title: "Size (voxels, log scale)", ramp: scale });
  }
  if (pair) return parts;
  const rows = [...typeCounts(shown, directions)].map(
    ([type, count]): LegendRow => ({
      swatch: "dot",
      color: synapseColor === "type" ? color(type, theme) : null,
      name: type || "unknown",
      count,
      shows: { type },
    }),
  );
  if (rows.length > 0) parts.push({ title: "Partner types", rows, all: true });
  return parts;
}

function ramp(low: string, high: string, at: (place: number) => Color): Ramp {
  const colors = [0, 0.2, 0.4, 0.6, 0.8, 1].map((place) => toHex(at(place)));
  return { low, high, colors };
}

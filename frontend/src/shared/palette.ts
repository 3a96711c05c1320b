// The same colours as in Python's palette.py, from the same table.
import table from "../../../microns_widgets/palette.json";
import { lightened, parts } from "./contrast";
import type { Theme } from "./theme";

/** A type that Python's palette.add_types added. */
export interface AddedType {
  label: string;
  color: string;
  group: string;
}

const UNKNOWN = table.unknown.color;
const OTHERS = table.others.colors;
const ORDERED = [...table.types.map((type) => type.label), ...table.strategies];
const RANKS = new Map(ORDERED.map((label, rank) => [label, rank]));
// A label in several groups has the colour of the last one here, which palette.py looks up first.
const COLORS = new Map([
  ...Object.entries(table.regions),
  ...Object.entries(table.compartments),
  ...Object.entries(table.directions),
  ...Object.entries(table.coarse),
  ...table.types.map(({ label, color }): [string, string] => [label, color]),
]);
const NEURONS = new Set<string>();
for (const { label, group } of table.types) noteNeuron(label, group);

function noteNeuron(label: string, group: string): void {
  if (group === "E" || group === "I") NEURONS.add(label);
}

/** Adds the types of another dataset, as Python sent them; those that are known stay as they are. */
export function addTypes(types: readonly AddedType[]): void {
  for (const { label, color, group } of types) {
    if (RANKS.has(label)) continue;
    RANKS.set(label, RANKS.size);
    COLORS.set(label, color);
    noteNeuron(label, group);
  }
}

/** Whether a label is a type of neuron. */
export function isNeuron(label: string): boolean {
  return NEURONS.has(label);
}

/** The colour for "no connection" in a matrix. */
export const NO_CONNECTION = table.no_connection;

/** A number derived from a label: FNV-1a over its UTF-16 code units, as in palette.py. */
function ofName(label: string): number {
  let number = 2166136261;
  for (let place = 0; place < label.length; place++) {
    number = Math.imul(number ^ label.charCodeAt(place), 16777619);
  }
  return (number ^ (number >>> 15)) >>> 0;
}

/**
 * A label's colour as "#rrggbb": a cell type, region, compartment, "input" or "output".
 * Any other label gets a colour derived from its name, and "" the colour of "unknown".
 * In the dark theme, colours that would be hard to see are lighter.
 */
export function color(label: string | null, theme: Theme = "light"): string {
  const own = label
    ? (COLORS.get(label) ?? OTHERS[ofName(label) % OTHERS.length] ?? UNKNOWN)
    : UNKNOWN;
  return theme === "dark" ? onDark(own) : own;
}

/** The lightest ground of a dark widget: what is seen on it is seen on the darker ones too. */
export const DARK_GROUND = "#24272e";
/** The least contrast that parts of a picture need (WCAG 2.2, 1.4.11). */
export const LEAST_CONTRAST = 3;
// Where a lighter variant of a colour would resemble that of another type, the table has another.
const ON_DARK = new Map<string, string>(Object.entries(table.dark));

/** A colour "#rrggbb" or, if it is too dark for a dark widget, a lighter one of the same hue. */
export function onDark(own: string): string {
  const variant = ON_DARK.get(own) ?? lightened(own, DARK_GROUND, LEAST_CONTRAST);
  ON_DARK.set(own, variant);
  return variant;
}

/** A label's colour as red, green and blue from 0 to 255. */
export function rgb(label: string | null, theme: Theme = "light"): [number, number, number] {
  return parts(color(label, theme));
}

/** Distinct labels: known ones in the palette's order, then others by name, "" last. */
export function typeOrder(labels: Iterable<string>): string[] {
  const rank = (label: string) => RANKS.get(label) ?? RANKS.size;
  return [...new Set(labels)].sort(
    (a, b) =>
      Number(a === "") - Number(b === "") || rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

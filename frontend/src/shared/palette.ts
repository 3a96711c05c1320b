// The same colours as in Python's palette.py, from the same table.
import table from "../../../microns_widgets/palette.json";

const UNKNOWN = table.unknown.color;
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

/** The colour for "no connection" in a matrix. */
export const NO_CONNECTION = table.no_connection;

/** A label's colour as "#rrggbb": a cell type, region, compartment, "input" or "output". */
export function color(label: string | null): string {
  return COLORS.get(label ?? "") ?? UNKNOWN;
}

/** A label's colour as red, green and blue from 0 to 1, for WebGL. */
export function rgb(label: string | null): [number, number, number] {
  const value = Number.parseInt(color(label).slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Distinct labels: known ones in the palette's order, then others by name, "" last. */
export function typeOrder(labels: Iterable<string>): string[] {
  const rank = (label: string) => RANKS.get(label) ?? RANKS.size;
  return [...new Set(labels)].sort(
    (a, b) =>
      Number(a === "") - Number(b === "") || rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

// The partners of the cells on view: one row each, or one row for each type.
import { typeOrder } from "../../shared/palette";
import { compareRootIds, type RootId } from "../../shared/root-ids";
import type { Directions } from "../state";
import { type Cell, distanceToSoma } from "./cell";
import { directionOf, type SynapseAt } from "./partner";

/** A partner, or all partners of one type. */
export interface Row {
  /** The type, or `FRAGMENTS`; by this rows are filtered and collapsed. */
  group: string;
  type: string;
  /** The partner; null in a row for a type. */
  id: RootId | null;
  /** Whether it is in the cell table; otherwise it is a fragment. */
  isCell: boolean;
  /** Whether it is one of the cells on view. */
  onView: boolean;
  partners: number;
  inputs: number;
  outputs: number;
  /** Summed sizes in voxels; NaN if synapses have no sizes. */
  sizeIn: number;
  sizeOut: number;
  /** Median path length from its synapses to the soma of the cell on view, in um; NaN if unknown. */
  distance: number;
  synapses: readonly SynapseAt[];
}

export type SortKey =
  | "id"
  | "type"
  | "partners"
  | "inputs"
  | "outputs"
  | "sizeIn"
  | "sizeOut"
  | "distance";
export type TableDirections = Exclude<Directions, "none">;

/** The group of partners that are not in the cell table. Types have a letter in front. */
export const FRAGMENTS = "fragments";

export interface Filter {
  directions: TableDirections;
  /** A row's `group`; "" for all. */
  group: string;
  /** Least number of synapses, in both directions together. */
  least: number;
}

/** The group of a cell type. */
export function groupOf(type: string, isCell: boolean): string {
  return isCell ? `t${type}` : FRAGMENTS;
}

/** All partners of the cells; hidden types are included, since the legend hides them only in the picture. */
export function partnerRows(cells: readonly Cell[], directions: TableDirections): Row[] {
  const lists = new Map<RootId, SynapseAt[]>();
  for (const cell of cells) {
    const { partner, n } = cell.synapses;
    for (let index = 0; index < n; index++) {
      const synapse = { cell, index };
      if (directions !== "both" && `${directionOf(synapse)}s` !== directions) continue;
      const id = partner.at(index);
      const list = lists.get(id);
      if (list) list.push(synapse);
      else lists.set(id, [synapse]);
    }
  }
  const onView = new Set(cells.map(({ id }) => id));
  return [...lists].map(([id, synapses]) => {
    const { cell, index } = synapses[0] as SynapseAt;
    const type = cell.synapses.type.labels[cell.synapses.type.codes[index] as number] ?? "";
    const isCell = cell.synapses.isCell(index);
    const head = { id, type, isCell, group: groupOf(type, isCell), onView: onView.has(id) };
    return { ...head, partners: 1, ...sums(synapses), synapses };
  });
}

export function filterRows(rows: readonly Row[], { group, least }: Filter): Row[] {
  return rows.filter(
    (row) => (group === "" || row.group === group) && row.inputs + row.outputs >= least,
  );
}

/** One row for each type, with what its partners have in all. */
export function typeRows(rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const members = groups.get(row.group);
    if (members) members.push(row);
    else groups.set(row.group, [row]);
  }
  return [...groups].map(([group, members]) => {
    const synapses = members.flatMap((member) => member.synapses);
    const { type, isCell } = members[0] as Row;
    const head = { group, type, isCell, id: null, onView: false };
    return { ...head, partners: members.length, ...sums(synapses), synapses };
  });
}

/** Without a key: strongest first, by synapses and then by size. Missing values are always last. */
export function sortRows(rows: readonly Row[], key: SortKey | null, descending: boolean): Row[] {
  const ranks = new Map(typeOrder(rows.map(({ type }) => type)).map((type, rank) => [type, rank]));
  const rank = ({ type, isCell }: Row) => (isCell ? (ranks.get(type) ?? 0) : ranks.size);
  const strongest = (a: Row, b: Row) =>
    b.inputs + b.outputs - (a.inputs + a.outputs) ||
    (b.sizeIn || 0) + (b.sizeOut || 0) - ((a.sizeIn || 0) + (a.sizeOut || 0)) ||
    compareRootIds(a.id ?? "", b.id ?? "") ||
    rank(a) - rank(b);
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (key === null) return strongest(a, b);
    if (key === "id") return sign * compareRootIds(a.id ?? "", b.id ?? "") || strongest(a, b);
    if (key === "type") return sign * (rank(a) - rank(b)) || strongest(a, b);
    const [left, right] = [a[key], b[key]];
    const missing = Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return missing || sign * (left - right) || strongest(a, b);
  });
}

function sums(synapses: readonly SynapseAt[]) {
  const total = { inputs: 0, outputs: 0, sizeIn: 0, sizeOut: 0 };
  const distances: number[] = [];
  for (const synapse of synapses) {
    const size = synapse.cell.synapses.size[synapse.index] as number;
    if (directionOf(synapse) === "input") {
      total.inputs += 1;
      total.sizeIn += size;
    } else {
      total.outputs += 1;
      total.sizeOut += size;
    }
    const distance = distanceToSoma(synapse.cell, synapse.index);
    if (Number.isFinite(distance)) distances.push(distance);
  }
  return { ...total, distance: median(distances) };
}

function median(values: number[]): number {
  if (values.length === 0) return Number.NaN;
  values.sort((a, b) => a - b);
  const middle = values.length / 2;
  const [below, above] = [values[Math.ceil(middle) - 1], values[Math.floor(middle)]];
  return ((below as number) + (above as number)) / 2;
}

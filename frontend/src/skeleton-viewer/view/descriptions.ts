// Descriptions in words: of the whole picture, and of what is under the pointer.

import { clipped } from "../../shared/clipped";
import { grouped } from "../../shared/number-format";
import { type Cell, COMPARTMENT_NAMES, distanceToRoot, isOutside, lacksAxon } from "../data/cell";
import type { Entry } from "../data/cell-loader";
import { directionCounts } from "../data/synapse-counts";
import { length } from "./axis-numbers";
import { typeText } from "./partner-text";

/** One or two sentences that describe the picture, in which some cells may be hidden. */
export function summary(entries: readonly Entry[], directions: string, hidden = 0): string {
  if (entries.length === 0) return "No cell is chosen.";
  const cells = entries.flatMap(({ cell }) => (cell ? [cell] : []));
  const sides = directionCounts(cells);
  const name =
    entries.length === 1
      ? `${cells[0]?.about.type ? `${clipped(cells[0].about.type)} cell` : cells[0]?.about.is_cell === false ? "Fragment" : "Cell"} ${entries[0]?.id}`
      : `${entries.length} cells`;
  const cable = cells.reduce((sum, cell) => sum + cableLength(cell), 0);
  if (cells.length === 0) return `${name}: not loaded.`;
  const unloaded = cells.filter(({ synapses }) => !synapses.loaded).length;
  const parts = [
    cable > 0 && `${length(cable)} of cable`,
    unloaded === 0 || unloaded < cells.length
      ? `${counted(sides.input, "input")}, ${counted(sides.output, "output")}`
      : "synapses not loaded",
    unloaded > 0 &&
      unloaded < cells.length &&
      `synapses of ${counted(unloaded, "cell")} not loaded`,
  ].filter(Boolean);
  const withoutSoma = cells.filter(({ tree }) => tree?.soma === null).length;
  const withoutAxon = cells.filter(({ tree }) => lacksAxon(tree)).length;
  const outside = cells.filter(isOutside).length;
  const notes = [
    withoutSoma > 0 &&
      ` ${which(withoutSoma, cells, "No soma in this skeleton", "without a soma")}.`,
    withoutAxon > 0 &&
      ` ${which(withoutAxon, cells, "No axon in this skeleton", "without an axon")}.`,
    outside > 0 &&
      ` ${which(outside, cells, "Outside the volume", "outside the volume")}: no depth or layers.`,
  ].filter(Boolean);
  const note =
    directions === "both"
      ? ""
      : directions === "none"
        ? " No synapses are shown."
        : ` Only ${directions} are shown.`;
  const away = hidden > 0 ? ` ${counted(hidden, "cell")} ${hidden > 1 ? "are" : "is"} hidden.` : "";
  return `${name}: ${parts.join(", ")}.${note}${away}${notes.join("")}`;
}

function which(number: number, cells: readonly Cell[], one: string, several: string): string {
  return cells.length === 1 ? one : `${counted(number, "cell")} ${several}`;
}

function counted(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
}

/** Total length of all branches, in um. */
export function cableLength({ tree }: Cell): number {
  let sum = 0;
  for (let i = 0; tree && i < tree.n; i++) {
    const parent = tree.parent[i] as number;
    if (parent < 0) continue;
    let squared = 0;
    for (let k = 0; k < 3; k++) {
      squared += ((tree.um[3 * i + k] as number) - (tree.um[3 * parent + k] as number)) ** 2;
    }
    sum += Math.sqrt(squared);
  }
  return sum;
}

/** A synapse as pairs of name and value. */
export function describeSynapse(cell: Cell, index: number): [string, string][] {
  const { direction, type, partner, size, um, inside } = cell.synapses;
  const isCell = cell.synapses.isCell(index);
  const side = direction.labels[direction.codes[index] as number] as string;
  const distance = distanceToRoot(cell, index);
  const vertex = cell.nearest?.[index];
  const compartment = vertex === undefined ? undefined : cell.tree?.compartment[vertex];
  return [
    [side === "input" ? "input from" : "output onto", partner.at(index)],
    ["type", typeText({ type: type.labels[type.codes[index] as number] ?? "", isCell })],
    ...(Number.isNaN(size[index])
      ? []
      : ([["size", `${grouped(size[index] as number)} voxels`]] as [string, string][])),
    [pathTo(cell), Number.isFinite(distance) ? length(distance) : "unknown"],
    ...(compartment === undefined
      ? []
      : ([["compartment", COMPARTMENT_NAMES.get(compartment) ?? "other"]] as [string, string][])),
    ["depth", depthText(inside[index], um[3 * index + 1])],
  ];
}

function pathTo({ tree }: Cell): string {
  return tree?.soma === null ? "path to root" : "path to soma";
}

function depthText(inside: number | undefined, um: number | undefined): string {
  return inside && um !== undefined ? length(um) : "outside the volume";
}

/** A vertex of a skeleton as pairs of name and value. */
export function describeVertex(cell: Cell, vertex: number): [string, string][] {
  const { id, tree, about } = cell;
  if (!tree) return [];
  const distance = tree.distance[vertex] as number;
  return [
    [clipped(about.type) || "cell", id],
    ["compartment", COMPARTMENT_NAMES.get(tree.compartment[vertex] as number) ?? "other"],
    ["radius", length(tree.radius[vertex] as number)],
    [pathTo(cell), Number.isFinite(distance) ? length(distance) : "not connected"],
    ["depth", depthText(tree.inside[vertex], tree.um[3 * vertex + 1])],
  ];
}

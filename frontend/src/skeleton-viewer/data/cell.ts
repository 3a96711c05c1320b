// A cell in the browser, read from the tables that _viewer_data.py packs.
import {
  getColumn,
  type IdColumn,
  type Numbers,
  type Table,
  type TextColumn,
} from "../../shared/columns";
import { COMPARTMENTS, DEFAULT_SOMA_RADIUS } from "../../shared/contract";
import type { RootId } from "../../shared/root-ids";
import type { About, SkeletonHead, World } from "../state";
import type { Vector } from "./vector";

/** A skeleton, with positions in nm of the volume and in cortical um (x, y, z of each vertex). */
export interface Tree {
  n: number;
  root: number;
  /** The vertex of the soma; null if the skeleton has no soma. */
  soma: number | null;
  source: string;
  nm: { x: Numbers; y: Numbers; z: Numbers; radius: Numbers };
  um: Float32Array;
  /** 1 for a vertex inside the volume, else 0: outside there is no depth. */
  inside: Uint8Array;
  /** In um. */
  radius: Float32Array;
  /** Neighbour towards the root; -1 for a root. */
  parent: Numbers;
  compartment: Numbers;
  /** Path length to the root, in um; NaN where the root is not connected. */
  distance: Numbers;
}

export interface Synapses {
  n: number;
  /** False if the page does not have the cell's synapses: `n` is then 0 but means nothing. */
  loaded: boolean;
  id: Numbers;
  nm: { x: Numbers; y: Numbers; z: Numbers };
  um: Float32Array;
  /** 1 for a synapse inside the volume, else 0: outside there is no depth. */
  inside: Uint8Array;
  direction: TextColumn;
  partner: IdColumn;
  type: TextColumn;
  size: Numbers;
  /** Whether the partner is in the cell table; otherwise it is a fragment. */
  isCell(index: number): boolean;
}

export interface Soma {
  um: Vector;
  radius: number;
  /** Whether it is inside the volume and so has a depth. */
  inside: boolean;
}

export interface Cell {
  id: RootId;
  about: About;
  synapses: Synapses;
  tree: Tree | null;
  /** The tree's vertex nearest to each synapse. */
  nearest: Numbers | null;
  soma: Soma | null;
  box: Box;
}

/** Opposite corners of a bounding box, in um. */
export interface Box {
  low: Vector;
  high: Vector;
}

/** Names of the compartments by number. */
export const COMPARTMENT_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(COMPARTMENTS).map(([name, number]) => [number, name]),
);

/** x, y, z of each point, in cortical um. */
export function toCortical(world: World, x: Numbers, y: Numbers, z: Numbers): Float32Array {
  const m = world.affine as readonly number[];
  const um = new Float32Array(3 * x.length);
  for (let i = 0; i < x.length; i++) {
    const [a, b, c] = [x[i] as number, y[i] as number, z[i] as number];
    for (let row = 0; row < 3; row++) {
      const k = 4 * row;
      um[3 * i + row] =
        (m[k] as number) * a +
        (m[k + 1] as number) * b +
        (m[k + 2] as number) * c +
        (m[k + 3] as number);
    }
  }
  return um;
}

/** Whether each point is inside the volume, like in_volume in anatomy/depth.py. */
function insideVolume(world: World, { x, y, z }: Record<"x" | "y" | "z", Numbers>): Uint8Array {
  const [low, high] = world.volume;
  const within = (value: number | undefined, k: 0 | 1 | 2) =>
    value !== undefined && value >= low[k] && value <= high[k];
  return Uint8Array.from(x, (_, i) =>
    Number(within(x[i], 0) && within(y[i], 1) && within(z[i], 2)),
  );
}

/** Whether any part of a cell is inside the volume, where layers and depths are defined. */
export function isInside({ tree, synapses, soma }: Cell): boolean {
  if (tree || synapses.n > 0) return (tree ?? synapses).inside.includes(1);
  return soma?.inside ?? true;
}

/** Whether all of a cell is outside the volume. */
export function isOutside(cell: Cell): boolean {
  return !isInside(cell);
}

export function readSynapses(table: Table, world: World): Synapses {
  const nm = positions(table);
  const type = getColumn(table, "partner_type", "text");
  const known = table.columns.get("partner_is_cell");
  return {
    n: table.rows,
    loaded: world.synapses_loaded !== false,
    id: numbers(table, "id"),
    nm,
    um: toCortical(world, nm.x, nm.y, nm.z),
    inside: insideVolume(world, nm),
    direction: getColumn(table, "direction", "text"),
    partner: getColumn(table, "partner_root_id", "ids"),
    type,
    size: numbers(table, "size"),
    // A page that an older version saved knows only the types.
    isCell: (index) =>
      known?.kind === "flag"
        ? known.at(index) === true
        : !!type.labels[type.codes[index] as number],
  };
}

export function readTree(table: Table, head: SkeletonHead, world: World): Tree {
  const names = ["x", "y", "z", "radius", "parent", "compartment", "distance"] as const;
  const columns = Object.fromEntries(names.map((name) => [name, numbers(table, name)]));
  return treeOf(columns as unknown as TreeColumns, head.root, head.source, world);
}

/** The columns of a skeleton's table, in nm and um as in `Tree`. */
export type TreeColumns = Record<"x" | "y" | "z" | "radius", Numbers> &
  Pick<Tree, "parent" | "compartment" | "distance">;

export function treeOf(
  { x, y, z, radius, parent, compartment, distance }: TreeColumns,
  root: number,
  source: string,
  world: World,
): Tree {
  return {
    n: x.length,
    root,
    soma: somaVertex(compartment, root),
    source,
    nm: { x, y, z, radius },
    um: toCortical(world, x, y, z),
    inside: insideVolume(world, { x, y, z }),
    radius: Float32Array.from(radius, (value) => value / 1000),
    parent,
    compartment,
    distance,
  };
}

/** Whether any part of a skeleton is inside the volume. */
export function inVolume(tree: Tree): boolean {
  return tree.inside.includes(1);
}

/** The synapses of a cell that the page knows nothing about. */
export function noSynapses(): Synapses {
  const none = new Float32Array(0);
  return {
    n: 0,
    loaded: false,
    id: none,
    nm: { x: none, y: none, z: none },
    um: none,
    inside: new Uint8Array(0),
    direction: { kind: "text", name: "direction", codes: new Int8Array(0), labels: [] },
    partner: { kind: "ids", name: "partner_root_id", at: () => "", rowOf: () => -1 },
    type: { kind: "text", name: "partner_type", codes: new Int8Array(0), labels: [] },
    size: none,
    isCell: () => false,
  };
}

/** The vertex of the soma, as Skeleton.soma in Python. */
function somaVertex(compartment: Numbers, root: number): number | null {
  if (compartment[root] === COMPARTMENTS.soma) return root;
  const vertex = compartment.indexOf(COMPARTMENTS.soma);
  return vertex < 0 ? null : vertex;
}

/** Whether a skeleton has dendrites but no axon, as many public files of neurons. */
export function lacksAxon(tree: Tree | null): boolean {
  if (!tree || tree.compartment.includes(COMPARTMENTS.axon)) return false;
  return (
    tree.compartment.includes(COMPARTMENTS.dendrite) ||
    tree.compartment.includes(COMPARTMENTS["apical dendrite"])
  );
}

export function readNearest(table: Table): Numbers {
  return numbers(table, "vertex");
}

/** A cell's soma: that of its tree, if it has one; if there is no tree, its nucleus. */
export function somaOf(about: About, tree: Tree | null, world: World): Soma | null {
  if (tree) {
    if (tree.soma === null) return null;
    const um = [...tree.um.subarray(3 * tree.soma, 3 * tree.soma + 3)] as Vector;
    const radius = Math.max(tree.radius[tree.soma] as number, DEFAULT_SOMA_RADIUS);
    return { um, radius, inside: tree.inside[tree.soma] === 1 };
  }
  if (!about.nucleus) return null;
  const [x, y, z] = about.nucleus.map((value) => Float64Array.of(value)) as [
    Numbers,
    Numbers,
    Numbers,
  ];
  const inside = insideVolume(world, { x, y, z })[0] === 1;
  return { um: [...toCortical(world, x, y, z)] as Vector, radius: DEFAULT_SOMA_RADIUS, inside };
}

/** The box around lists of points. */
export function boxOf(...lists: (ArrayLike<number> | undefined)[]): Box {
  const low: Vector = [Infinity, Infinity, Infinity];
  const high: Vector = [-Infinity, -Infinity, -Infinity];
  for (const um of lists) {
    for (let i = 0; um && i < um.length; i++) {
      const k = (i % 3) as 0 | 1 | 2;
      const value = um[i] as number;
      if (value < low[k]) low[k] = value;
      if (value > high[k]) high[k] = value;
    }
  }
  return low[0] > high[0] ? { low: [0, 0, 0], high: [0, 0, 0] } : { low, high };
}

/** Path length from a synapse to the soma, in um; NaN if unknown, or if there is no soma. */
export function distanceToSoma(cell: Cell, synapse: number): number {
  return cell.tree?.soma === null ? Number.NaN : distanceToRoot(cell, synapse);
}

/** Path length from a synapse to the root of the skeleton, in um; NaN if unknown. */
export function distanceToRoot(cell: Cell, synapse: number): number {
  const vertex = cell.nearest?.[synapse];
  return vertex === undefined ? Number.NaN : (cell.tree?.distance[vertex] ?? Number.NaN);
}

function positions(table: Table) {
  return { x: numbers(table, "x"), y: numbers(table, "y"), z: numbers(table, "z") };
}

function numbers(table: Table, name: string): Numbers {
  return getColumn(table, name, "number").values;
}

/** The box around the cells that are inside the volume; null if there are none. */
export function boxInside(cells: readonly Cell[]): Box | null {
  const inside = cells.filter((cell) => !isOutside(cell));
  return inside.length > 0 ? boxOf(inside.flatMap(({ box }) => [...box.low, ...box.high])) : null;
}

/** Whether all cells are outside the volume, where layers and depth are not defined. */
export function areOutside(cells: readonly Cell[]): boolean {
  return cells.some(isOutside) && !cells.some(isInside);
}

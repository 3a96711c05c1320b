// The marked partner, and a pair of cells: which synapses they have with the cells on view.
import type { RootId } from "../../shared/root-ids";
import type { Cell } from "./cell";

/** A synapse of a cell, by its index. */
export interface SynapseAt {
  cell: Cell;
  index: number;
}

/** Synapses and their summed size in voxels; NaN if they have no sizes. */
export interface Total {
  n: number;
  size: number;
}

/** A partner's synapses with the cells on view, including hidden synapses. */
export interface Partner {
  id: RootId;
  type: string;
  /** Whether it is in the cell table; otherwise it is a fragment. */
  isCell: boolean;
  input: Total;
  output: Total;
  /** Whether it is the only cell on view, as in a pair of a cell and itself. */
  itself: boolean;
  /** Synapses of the only cell on view onto itself, if this is the cell. */
  autapses: number;
  synapses: SynapseAt[];
}

/** The direction of a synapse as its cell sees it. */
export function directionOf({ cell, index }: SynapseAt): "input" | "output" {
  const { labels, codes } = cell.synapses.direction;
  return labels[codes[index] as number] as "input" | "output";
}

/** Adds a synapse to a total. */
export function add(total: Total, { cell, index }: SynapseAt): void {
  total.n += 1;
  total.size += cell.synapses.size[index] as number;
}

/** The synapses that a cell lists with one partner. */
function* synapsesWith(cell: Cell, id: RootId): Generator<SynapseAt> {
  const { partner, n } = cell.synapses;
  // A quick check whether the cell has this partner at all.
  if (partner.rowOf(id) < 0) return;
  for (let index = 0; index < n; index++) if (partner.at(index) === id) yield { cell, index };
}

/**
 * The synapses between a partner and the cells on view. If the partner is on view itself, only those
 * with the other cells count: neither its other synapses nor its autapses.
 */
export function partnerOf(cells: readonly Cell[], id: RootId): Partner {
  const result: Partner = {
    id,
    ...identity(cells, id),
    input: { n: 0, size: 0 },
    output: { n: 0, size: 0 },
    itself: cells.length === 1 && cells[0]?.id === id,
    autapses: 0,
    synapses: [],
  };
  for (const cell of cells) {
    const itself = cell.id === id;
    if (itself && cells.length > 1) continue;
    for (const synapse of synapsesWith(cell, id)) {
      const side = directionOf(synapse);
      result.synapses.push(synapse);
      if (!itself) add(result[side], synapse);
      // An autapse is among the inputs and among the outputs.
      else if (side === "output") result.autapses += 1;
    }
  }
  return result;
}

/** What the cells on view know about a partner. */
function identity(cells: readonly Cell[], id: RootId): { type: string; isCell: boolean } {
  const own = cells.find((cell) => cell.id === id);
  if (own) return { type: own.about.type, isCell: own.about.is_cell !== false };
  for (const { synapses } of cells) {
    const index = synapses.partner.rowOf(id);
    if (index < 0) continue;
    const type = synapses.type.labels[synapses.type.codes[index] as number] ?? "";
    return { type, isCell: synapses.isCell(index) };
  }
  return { type: "", isCell: false };
}

/** The synapses between two cells, in each direction, as `Connectome.between` has them. */
export interface PairSynapses {
  pre: Cell;
  post: Cell;
  /** From the presynaptic cell onto the postsynaptic one. */
  there: Total;
  back: Total;
  /** Straight distances from these synapses to the soma of the cell that receives them, in um. */
  toSoma: { there: number[]; back: number[] };
  /** Synapses of each cell onto itself, which do not belong to the pair. */
  autapses: { pre: number; post: number };
  /** Each synapse once. */
  synapses: SynapseAt[];
  /** How a synapse from the presynaptic cell is drawn: as which direction. */
  thereAs: "input" | "output";
  /** Synapses of the two cells that do not belong to the pair. */
  others: number;
}

/** The synapses of a pair; null until both cells are loaded. */
export function pairSynapses(
  cells: readonly Cell[],
  [preId, postId]: readonly [RootId, RootId],
): PairSynapses | null {
  const [pre, post] = [preId, postId].map((id) => cells.find((cell) => cell.id === id));
  if (!pre || !post) return null;
  // Both cells list these synapses. One list is used, or each synapse would be drawn twice.
  const [lister, other] = pre.synapses.loaded ? [pre, postId] : [post, preId];
  const synapses = [...synapsesWith(lister, other)];
  const there: Total = { n: 0, size: 0 };
  const back: Total = { n: 0, size: 0 };
  const thereAs = lister === pre ? "output" : "input";
  const toSoma: PairSynapses["toSoma"] = { there: [], back: [] };
  for (const synapse of synapses) {
    const way = directionOf(synapse) === thereAs ? "there" : "back";
    add(way === "there" ? there : back, synapse);
    const { soma } = way === "there" ? post : pre;
    if (soma) toSoma[way].push(distanceTo(soma.um, synapse));
  }
  const autapses = { pre: ownSynapses(pre), post: ownSynapses(post) };
  // Those between the two are in both lists, and an autapse is twice in one.
  const all = pre.synapses.n + post.synapses.n - autapses.pre - autapses.post;
  const listed = pre.synapses.loaded && post.synapses.loaded ? 2 : 1;
  const others = all - listed * synapses.length;
  return { pre, post, there, back, toSoma, autapses, synapses, thereAs, others };
}

function distanceTo(point: readonly number[], { cell, index }: SynapseAt): number {
  const { um } = cell.synapses;
  return Math.hypot(...point.map((value, k) => value - (um[3 * index + k] as number)));
}

function ownSynapses(cell: Cell): number {
  return [...synapsesWith(cell, cell.id)].filter((synapse) => directionOf(synapse) === "output")
    .length;
}

// What the pointer or the keyboard is at: a synapse, or a place on a skeleton.

import type { Cell } from "../data/cell";
import type { Vector } from "../data/vector";
import { type Frame, project } from "../render/camera";
import type { Paint } from "../render/colors";
import { nearestPoint } from "../render/nearest-point";
import { describeSynapse, describeVertex } from "./descriptions";
import { TipView } from "./tooltip-view";

export interface Place {
  cell: Cell;
  index: number;
  kind: "synapse" | "vertex";
}

/** How near the pointer must be, in CSS pixels. */
const REACH = 7;

export class Pointing {
  readonly tip = new TipView();
  /** The synapse that is pointed at. */
  synapse: Place | null = null;
  #cells: readonly Cell[] = [];
  #paints: readonly Paint[] = [];

  setCells(cells: readonly Cell[], paints: readonly Paint[]): void {
    [this.#cells, this.#paints] = [cells, paints];
    if (this.synapse && !cells.includes(this.synapse.cell)) this.leave();
  }

  /** What is at a point of the picture; synapses before skeletons. */
  at(frame: Frame, x: number, y: number): Place | null {
    const synapses = this.#cells.map(({ synapses }, i) => ({
      um: synapses.um,
      colors: this.#paints[i]?.synapses ?? new Uint8Array(),
    }));
    const near = nearestPoint(frame, synapses, x, y, REACH);
    if (near) return { cell: this.#cells[near.list] as Cell, index: near.index, kind: "synapse" };
    const trees = this.#cells.map(({ tree }) => ({ um: tree?.um ?? new Float32Array() }));
    const vertex = nearestPoint(frame, trees, x, y, REACH);
    if (!vertex) return null;
    return { cell: this.#cells[vertex.list] as Cell, index: vertex.index, kind: "vertex" };
  }

  hover(frame: Frame, x: number, y: number): void {
    const found = this.at(frame, x, y);
    this.synapse = found?.kind === "synapse" ? found : null;
    if (!found) this.tip.hide();
    else this.tip.show(describe(found), x, y);
  }

  leave(): void {
    this.synapse = null;
    this.tip.hide();
  }

  /** Goes to the next or the previous synapse that is shown and in the picture. */
  step(frame: Frame, by: 1 | -1): void {
    const all = this.#cells.flatMap((cell, place) =>
      Array.from({ length: cell.synapses.n }, (_, index) => ({ cell, place, index })),
    );
    const now = all.findIndex(
      ({ cell, index }) => cell === this.synapse?.cell && index === this.synapse.index,
    );
    let at = now < 0 && by < 0 ? 0 : now;
    for (let tried = 0; tried < all.length; tried++) {
      at = (at + by + all.length) % all.length;
      const { cell, place, index } = all[at] as (typeof all)[number];
      if (!this.#paints[place]?.synapses[4 * index + 3]) continue;
      const { x, y, scale } = project(frame, ...pointAt(cell.synapses.um, index));
      if (scale === 0 || x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
      this.synapse = { cell, index, kind: "synapse" };
      this.tip.show(describe(this.synapse), x, y, true);
      return;
    }
  }
}

/** Where a place is, in um. */
export function where({ cell, index, kind }: Place): Vector {
  const um = kind === "synapse" ? cell.synapses.um : (cell.tree?.um ?? new Float32Array());
  return pointAt(um, index);
}

export function pointAt(um: Float32Array, index: number): Vector {
  return [...um.subarray(3 * index, 3 * index + 3)] as Vector;
}

function describe({ cell, index, kind }: Place): [string, string][] {
  return kind === "synapse" ? describeSynapse(cell, index) : describeVertex(cell, index);
}

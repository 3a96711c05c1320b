// The synapse or skeleton vertex that the pointer or the keyboard is at.

import { Tooltip } from "../../shared/tooltip";
import type { Cell } from "../data/cell";
import type { Vector } from "../data/vector";
import { type Frame, project } from "../render/camera";
import type { Paint } from "../render/colors";
import { nearestPoint } from "../render/nearest-point";
import { describeSynapse, describeVertex } from "./descriptions";

export interface Target {
  cell: Cell;
  index: number;
  kind: "synapse" | "vertex";
}

/** How close the pointer must be, in CSS pixels. */
const REACH = 7;

export class Pointing {
  readonly tooltip = new Tooltip();
  /** The synapse under the pointer. */
  synapse: Target | null = null;
  #cells: readonly Cell[] = [];
  #paints: readonly Paint[] = [];

  setCells(cells: readonly Cell[], paints: readonly Paint[]): void {
    [this.#cells, this.#paints] = [cells, paints];
    if (this.synapse && !cells.includes(this.synapse.cell)) this.leave();
  }

  /** The synapse or, if there is none, the vertex at a point of the picture. */
  at(frame: Frame, x: number, y: number): Target | null {
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
    const target = this.at(frame, x, y);
    this.synapse = target?.kind === "synapse" ? target : null;
    if (!target) this.tooltip.hide();
    else this.tooltip.show(describe(target), x, y);
  }

  leave(): void {
    this.synapse = null;
    this.tooltip.hide();
  }

  /** Goes to the next or previous synapse that is visible and within the picture. */
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
      this.tooltip.show(describe(this.synapse), x, y, true);
      return;
    }
  }
}

/** Position of a synapse or vertex, in um. */
export function positionOf({ cell, index, kind }: Target): Vector {
  const um = kind === "synapse" ? cell.synapses.um : (cell.tree?.um ?? new Float32Array());
  return pointAt(um, index);
}

export function pointAt(um: Float32Array, index: number): Vector {
  return [...um.subarray(3 * index, 3 * index + 3)] as Vector;
}

function describe({ cell, index, kind }: Target): [string, string][] {
  return kind === "synapse" ? describeSynapse(cell, index) : describeVertex(cell, index);
}

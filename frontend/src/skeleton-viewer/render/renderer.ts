// What draws the cells: WebGL2, or a 2D canvas where it is not available.

import type { Cell } from "../data/cell";
import type { Frame } from "./camera";
import type { Color, Paint } from "./colors";

/** How much detail a picture leaves out to be fast: 0 is nothing, for a picture at rest. */
export type Economy = 0 | 1 | 2 | 3;

export interface Picture {
  frame: Frame;
  /** Device pixels per CSS pixel. */
  ratio: number;
  economy: Economy;
  background: Color;
}

export interface Renderer {
  readonly kind: "webgl2" | "canvas";
  readonly canvas: HTMLCanvasElement;
  /** Whether the browser has dropped the graphics context. */
  readonly lost: boolean;
  /** Sets the cells, or new colours of the same cells. */
  setCells(cells: readonly Cell[], paints: readonly Paint[]): void;
  draw(picture: Picture): void;
  /** Returns when the picture is finished: drawing only queues it. */
  wait(): void;
  destroy(): void;
}

/** Half the width of the thinnest neurite in the picture, in CSS pixels. */
export const THINNEST = 0.6;
/** Details smaller than this many CSS pixels are left out, by economy. */
export const TOLERANCE = [0, 0.7, 1.5, 3] as const;

/** Radius of a synapse of normal size in CSS pixels; it grows when zooming in. */
export function synapseRadius(scale: number): number {
  return Math.max(1.25, Math.min(6, 0.8 * scale));
}

// What draws the cells: WebGL2, or a 2D canvas where it is not available.

import type { Cell } from "../data/cell";
import type { Frame } from "./camera";
import type { Color, Paint } from "./colors";

/** How much detail a picture leaves out to be fast: 0 is nothing, for a picture at rest. */
export type Economy = 0 | 1 | 2 | 3;

/** How synapses are drawn; 1 is normal. */
export interface Marks {
  scale: number;
  opacity: number;
}

export interface Picture {
  frame: Frame;
  marks: Marks;
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

/**
 * Radius of an input of normal size in CSS pixels; it grows when zooming in. Smaller ones could not
 * be told apart from outputs.
 */
export function synapseRadius(umScale: number, { scale }: Marks): number {
  return scale * Math.max(2.25, Math.min(6, 0.8 * umScale));
}

/**
 * From the middle of an output's triangle to its corners, in radii of an input's disk: somewhat more
 * than for the same area, since corners are lost between pixels.
 */
export const TRIANGLE = 1.7;
/** Width of the border in the colour of the ground that separates crowded synapses, in CSS pixels. */
export const HALO = 0.9;

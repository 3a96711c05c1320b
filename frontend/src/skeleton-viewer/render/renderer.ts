// What draws the cells: WebGL2, or a flat canvas where there is none.

import type { Cell } from "../data/cell";
import type { Frame } from "./camera";
import type { Color, Paint } from "./colors";

/** How much a picture may take: 0 is everything, for a picture at rest. */
export type Sparing = 0 | 1 | 2 | 3;

export interface Picture {
  frame: Frame;
  /** Device pixels per CSS pixel. */
  ratio: number;
  sparing: Sparing;
  background: Color;
}

export interface Renderer {
  readonly kind: "webgl2" | "canvas";
  readonly canvas: HTMLCanvasElement;
  /** Takes other cells, or the same in other colours. */
  setCells(cells: readonly Cell[], paints: readonly Paint[]): void;
  draw(picture: Picture): void;
  /** Returns when the picture is there: drawing only puts it in a queue. */
  wait(): void;
  destroy(): void;
}

/** Half the width, in CSS pixels, that the thinnest neurite is drawn with. */
export const THINNEST = 0.6;
/** A picture while moving leaves out what is smaller than this many CSS pixels. */
export const TOLERANCE = [0, 0.7, 1.5, 3] as const;

/** Radius of a synapse of usual size in CSS pixels; it grows when one comes near. */
export function synapseRadius(scale: number): number {
  return Math.max(1.25, Math.min(6, 0.8 * scale));
}

// Draws somata pixel by pixel: tens of thousands of dots in a millisecond or two.
import type { Numbers } from "../../shared/columns";
import type { MapScale, Size } from "./map-scale";

/** A colour as one pixel in memory: alpha, blue, green, red from the highest byte down. */
export function packedColor(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export interface Somata {
  x: Numbers;
  depth: Numbers;
  /** Packed colour of each row. */
  colors: Uint32Array;
}

/** Where the dots of a scale are in an image; computed once, and used while filters change. */
export class SomaPainter {
  readonly #size: Size;
  readonly #dot: number;
  readonly #colors: Uint32Array;
  // The first pixel of each row's dot; -1 if it is not in the image.
  readonly #places: Int32Array;
  #faded: Uint32Array | undefined;

  /** Dots are squares of `dot` pixels; `ratio` is the number of pixels per CSS pixel. */
  constructor(somata: Somata, size: Size, scale: MapScale, ratio: number, dot: number) {
    this.#size = size;
    this.#dot = dot;
    this.#colors = somata.colors;
    const { x, depth } = somata;
    const { width, height } = size;
    const [factor, left, top] = [scale.factor * ratio, scale.x(0) * ratio, scale.y(0) * ratio];
    const half = (dot - 1) / 2;
    this.#places = new Int32Array(x.length);
    for (let row = 0; row < x.length; row++) {
      const atX = Math.round((x[row] ?? Number.NaN) * factor + left - half);
      const atY = Math.round((depth[row] ?? Number.NaN) * factor + top - half);
      const within = atX >= 0 && atX + dot <= width && atY >= 0 && atY + dot <= height;
      this.#places[row] = within ? atY * width + atX : -1;
    }
  }

  /** Draws rows in their colours, later ones over earlier ones, over all others in one colour. */
  paint(pixels: Uint32Array, rows: Uint32Array, faded: number): void {
    if (rows.length === this.#places.length) pixels.fill(0);
    else pixels.set(this.#background(faded));
    for (const row of rows) this.#draw(pixels, row, this.#colors[row] ?? 0);
  }

  #background(color: number): Uint32Array {
    if (!this.#faded) {
      this.#faded = new Uint32Array(this.#size.width * this.#size.height);
      for (let row = 0; row < this.#places.length; row++) this.#draw(this.#faded, row, color);
    }
    return this.#faded;
  }

  #draw(pixels: Uint32Array, row: number, color: number): void {
    let at = this.#places[row] ?? -1;
    if (at < 0) return;
    const dot = this.#dot;
    for (let dy = 0; dy < dot; dy++, at += this.#size.width) {
      for (let dx = 0; dx < dot; dx++) pixels[at + dx] = color;
    }
  }
}

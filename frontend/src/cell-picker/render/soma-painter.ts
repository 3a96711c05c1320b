// Draws somata pixel by pixel: tens of thousands of dots in a few milliseconds.
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

/** Draws rows as squares of `dot` pixels into an image, later ones over earlier ones. */
export function paintSomata(
  pixels: Uint32Array,
  { width, height }: Size,
  somata: Somata,
  rows: Uint32Array,
  scale: MapScale,
  ratio: number,
  dot: number,
  faded?: number,
): void {
  const { x, depth, colors } = somata;
  const [factor, left, top] = [scale.factor * ratio, scale.x(0) * ratio, scale.y(0) * ratio];
  const half = (dot - 1) / 2;
  for (const row of rows) {
    const atX = Math.round((x[row] ?? Number.NaN) * factor + left - half);
    const atY = Math.round((depth[row] ?? Number.NaN) * factor + top - half);
    if (!(atX >= 0 && atX + dot <= width && atY >= 0 && atY + dot <= height)) continue;
    const color = faded ?? colors[row] ?? 0;
    for (let dy = 0; dy < dot; dy++) {
      const start = (atY + dy) * width + atX;
      for (let dx = 0; dx < dot; dx++) pixels[start + dx] = color;
    }
  }
}

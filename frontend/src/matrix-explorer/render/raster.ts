// From connections to pixels. A pixel that several entries share shows their largest value or the
// number of connections, so that no connection disappears.
import { firstFrom, type Layout } from "../data/ordered-matrix";
import type { Window } from "../data/visible-window";

export interface Grid {
  width: number;
  height: number;
}

/** The largest step of the connections in each pixel; 0 if there are none. */
export function largestPerPixel(
  layout: Layout,
  steps: Uint8Array,
  window: Window,
  { width, height }: Grid,
  pixels: Uint8Array,
): void {
  pixels.fill(0);
  const { left, right, top, bottom } = window;
  const [across, down] = [width / (right - left), height / (bottom - top)];
  const { places } = layout;
  const [first, end] = visibleRange(top, bottom, layout.nRows);
  const wide = across > 1;
  for (let row = first; row < end; row++) {
    const y = Math.max(0, Math.floor((row - top) * down));
    const yEnd = Math.min(height, Math.max(y + 1, Math.floor((row + 1 - top) * down)));
    const from = firstFrom(layout, row, Math.floor(left));
    const until = firstFrom(layout, row, Math.ceil(right));
    if (!wide && yEnd === y + 1) {
      for (let at = from; at < until; at++) {
        const step = steps[at] as number;
        // The position of a partly visible entry is between -1 and 0, which `| 0` cuts to 0.
        const pixel = y * width + ((((places[at] as number) - left) * across) | 0);
        if (step > (pixels[pixel] as number)) pixels[pixel] = step;
      }
      continue;
    }
    for (let at = from; at < until; at++) {
      const step = steps[at] as number;
      const place = (places[at] as number) - left;
      const x = Math.max(0, place * across) | 0;
      const xEnd = Math.min(width, Math.max(x + 1, Math.floor((place + 1) * across)));
      for (let line = y; line < yEnd; line++) {
        for (let pixel = line * width + x; pixel < line * width + xEnd; pixel++) {
          if (step > (pixels[pixel] as number)) pixels[pixel] = step;
        }
      }
    }
  }
}

/** The number of connections in each pixel; returns the largest number. */
export function countPerPixel(
  layout: Layout,
  window: Window,
  { width, height }: Grid,
  pixels: Uint32Array,
): number {
  pixels.fill(0);
  const { left, right, top, bottom } = window;
  const [across, down] = [width / (right - left), height / (bottom - top)];
  const [first, end] = visibleRange(top, bottom, layout.nRows);
  let most = 0;
  for (let row = first; row < end; row++) {
    const y = Math.max(0, Math.floor((row - top) * down));
    const yEnd = Math.min(height, Math.max(y + 1, Math.floor((row + 1 - top) * down)));
    const until = firstFrom(layout, row, Math.ceil(right));
    for (let at = firstFrom(layout, row, Math.floor(left)); at < until; at++) {
      const from = (layout.places[at] as number) - left;
      const x = Math.max(0, from * across) | 0;
      const xEnd = Math.min(width, Math.max(x + 1, Math.floor((from + 1) * across)));
      for (let line = y; line < yEnd; line++) {
        for (let pixel = line * width + x; pixel < line * width + xEnd; pixel++) {
          const n = (pixels[pixel] as number) + 1;
          pixels[pixel] = n;
          if (n > most) most = n;
        }
      }
    }
  }
  return most;
}

function visibleRange(top: number, bottom: number, length: number): [number, number] {
  return [Math.max(0, Math.floor(top)), Math.min(length, Math.ceil(bottom))];
}

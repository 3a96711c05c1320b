import { describe, expect, test } from "vitest";
import { dataOrder } from "../../src/matrix-explorer/data/cell-order";
import { byColumn, type Layout, layOut } from "../../src/matrix-explorer/data/ordered-matrix";
import type { Window } from "../../src/matrix-explorer/data/visible-window";
import { countPerPixel, largestPerPixel } from "../../src/matrix-explorer/render/raster";
import { smallMatrix } from "./small-matrix";

const STEPS = Uint8Array.of(10, 20, 30, 40, 50);
const WHOLE: Window = { left: 0, right: 4, top: 0, bottom: 4 };

async function layout(): Promise<Layout> {
  const data = await smallMatrix();
  return layOut(data, byColumn(data), dataOrder(4), dataOrder(4));
}

async function largest(window: Window, width: number, height: number): Promise<number[][]> {
  const pixels = new Uint8Array(width * height).fill(99);
  largestPerPixel(await layout(), STEPS, window, { width, height }, pixels);
  return lines(pixels, width);
}

const lines = (pixels: ArrayLike<number>, width: number) =>
  Array.from({ length: pixels.length / width }, (_, line) =>
    Array.from({ length: width }, (_, x) => pixels[line * width + x] as number),
  );

describe("the largest value of each pixel", () => {
  test("is the entry's own if each has a pixel", async () => {
    expect(await largest(WHOLE, 4, 4)).toEqual([
      [10, 20, 0, 0],
      [0, 30, 40, 0],
      [0, 0, 50, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("is that of the strongest if entries share a pixel", async () => {
    expect(await largest(WHOLE, 2, 2)).toEqual([
      [30, 40],
      [0, 50],
    ]);
    expect(await largest(WHOLE, 1, 1)).toEqual([[50]]);
  });

  test("fills the pixels of a large entry, even if it is partly visible", async () => {
    const window = { left: 1.5, right: 3.5, top: 1, bottom: 3 };
    expect(await largest(window, 4, 4)).toEqual([
      [30, 40, 40, 0],
      [30, 40, 40, 0],
      [0, 50, 50, 0],
      [0, 50, 50, 0],
    ]);
  });

  test("can be wide in one direction and narrow in the other", async () => {
    expect(await largest(WHOLE, 8, 1)).toEqual([[10, 10, 30, 30, 50, 50, 0, 0]]);
    expect(await largest(WHOLE, 1, 8)).toEqual([[20], [20], [40], [40], [50], [50], [0], [0]]);
  });
});

test("the number of connections in each pixel includes all of them", async () => {
  const pixels = new Uint32Array(4);
  const most = countPerPixel(await layout(), WHOLE, { width: 2, height: 2 }, pixels);
  expect(lines(pixels, 2)).toEqual([
    [3, 1],
    [0, 1],
  ]);
  expect(most).toBe(3);
});

test("at any size and zoom each visible connection has a pixel", async () => {
  const ordered = await layout();
  const cells = [
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 2],
    [2, 2],
  ] as const;
  for (const width of [1, 2, 3, 5, 7, 11]) {
    for (const [left, right] of [
      [0, 4],
      [0.3, 3.1],
      [1.2, 2.9],
    ] as const) {
      const window = { left, right, top: 0.4, bottom: 3.3 };
      const pixels = new Uint8Array(width * 3);
      largestPerPixel(ordered, STEPS, window, { width, height: 3 }, pixels);
      for (const [row, column] of cells) {
        if (column + 1 <= left || column >= right) continue;
        const x = Math.max(0, Math.floor(((column - left) * width) / (right - left)));
        const y = Math.max(0, Math.floor(((row - 0.4) * 3) / 2.9));
        expect(pixels[y * width + x]).toBeGreaterThan(0);
      }
    }
  }
});

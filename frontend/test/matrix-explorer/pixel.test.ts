import { expect, test } from "vitest";
import { pixelContents } from "../../src/matrix-explorer/data/pixel-contents";
import { largestPerPixel } from "../../src/matrix-explorer/render/raster";
import { entryLines, headerLines } from "../../src/matrix-explorer/view/descriptions";
import { A, B, smallStore } from "./small-matrix";

/** A plot of a given size at the corner of the picture. */
const plot = (plotWidth: number, plotHeight: number) => ({
  width: plotWidth,
  height: plotHeight,
  left: 0,
  top: 0,
  plotWidth,
  plotHeight,
  hasNames: false,
});

test("a pixel of several entries knows how many are connected, and which is the strongest", async () => {
  const store = await smallStore({ value: "sum" });
  // Two by two entries in each pixel: A and B onto X and B in the first one.
  expect(pixelContents(store, plot(2, 2), 1, 0.5, 0.5)).toEqual({
    rows: 2,
    columns: 2,
    connected: 3,
    strongest: { row: 0, column: 1 },
  });
  expect(pixelContents(store, plot(2, 2), 1, 0.5, 1.5)).toMatchObject({
    connected: 0,
    strongest: null,
  });
});

test("an entry that is larger than a pixel has it for itself", async () => {
  const store = await smallStore();
  expect(pixelContents(store, plot(40, 40), 1, 12, 3)).toBeNull();
});

test.each([3, 5, 7])("the contents of %i pixels are what is drawn in them", async (size) => {
  const store = await smallStore({ value: "sum" });
  const { layout, steps, window } = store;
  for (const [width, height] of [
    [size, 2],
    [2, size],
    [3, 3],
  ] as const) {
    const pixels = new Uint8Array(width * height);
    largestPerPixel(layout, steps, window, { width, height }, pixels);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const contents = pixelContents(store, plot(width, height), 1, x + 0.5, y + 0.5);
        if (!contents) continue;
        expect(contents.connected > 0).toBe((pixels[y * width + x] as number) > 0);
      }
    }
  }
});

test("the tooltip says who contacts whom, how strongly, and what else is in the pixel", async () => {
  const store = await smallStore();
  const place = { row: 0, column: 1 };
  expect(entryLines(store, place, null)).toEqual([
    ["from", `${A} 23P`],
    ["onto", `${B} BC`],
    ["", "2 synapses, 400 voxels"],
  ]);
  const pixel = { rows: 2, columns: 3, connected: 3, strongest: place };
  expect(entryLines(store, place, pixel).at(-1)).toEqual([
    "",
    "the largest of 3 in 2 × 3 pairs in this pixel",
  ]);
  expect(entryLines(store, { row: 3, column: 0 }, null).at(-1)).toEqual(["", "no connection"]);
});

test("beside the matrix, the tooltip is about a row or a column", async () => {
  const store = await smallStore({ value: "binary" });
  const lines = headerLines(store, { side: "post", place: 1 });
  expect(lines[0]).toEqual(["postsynaptic", B]);
  expect(lines.at(-1)).toEqual(["partners", "2"]);
});

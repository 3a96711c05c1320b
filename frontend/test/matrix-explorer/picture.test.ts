// What the picture of a matrix says beyond its entries.
import { expect, test, vi } from "vitest";
import { matrixPng } from "../../src/matrix-explorer/export/matrix-png";
import { MatrixPainter, ON_PAPER } from "../../src/matrix-explorer/render/matrix-painter";
import { PAIR_COLOR } from "../../src/matrix-explorer/render/overlay-painter";
import { frameOf } from "../../src/matrix-explorer/render/plot-frame";
import { Store } from "../../src/matrix-explorer/store";
import { A, B, smallMatrix, smallModel, smallStore } from "./small-matrix";

/** What is written on canvases while `draw` runs. */
async function written(draw: () => unknown): Promise<string[]> {
  const write = vi.spyOn(CanvasRenderingContext2D.prototype, "fillText");
  await draw();
  const words = write.mock.calls.map(([text]) => text);
  write.mockRestore();
  return words;
}

function draw(store: Store): void {
  const { nRows, nColumns } = store.layout;
  const frame = frameOf(400, nRows, nColumns);
  const canvas = Object.assign(document.createElement("canvas"), frame);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  new MatrixPainter(store).draw(context, frame, 1, ON_PAPER);
}

test("a matrix without any connection says so in the plot, and no other does", async () => {
  const full = await smallMatrix();
  const none = {
    ...full,
    begin: new Uint32Array(full.begin.length),
    places: new Uint32Array(0),
    count: new Uint8Array(0),
    total: new Float64Array(0),
    largest: new Uint8Array(0),
  };
  const empty = new Store(smallModel(), none, new AbortController().signal);
  const sentence = "No connections among these 4 × 4 cells";
  expect(await written(() => draw(empty))).toContain(sentence);
  const store = await smallStore();
  expect((await written(() => draw(store))).join()).not.toContain("No connections");
});

/** Whether a saved picture has a pixel of the colour that marks a pair. */
async function isMarked(store: Store): Promise<boolean> {
  const picture = await createImageBitmap(await matrixPng(store));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const [red, green, blue] = [1, 3, 5].map((at) =>
    Number.parseInt(PAIR_COLOR.slice(at, at + 2), 16),
  );
  for (let at = 0; at < data.length; at += 4)
    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
  return false;
}

test("a saved picture marks and names the chosen pair, if it is in view", async () => {
  const chosen = await smallStore({ pair: [A, B] });
  expect(await isMarked(chosen)).toBe(true);
  expect(await written(() => matrixPng(chosen))).toContain(`chosen pair: ${A} → ${B}`);
  expect(await isMarked(await smallStore())).toBe(false);
  const elsewhere = await smallStore({ pair: [A, B] });
  elsewhere.look({ left: 2, right: 4, top: 2, bottom: 4 });
  expect(await isMarked(elsewhere)).toBe(false);
});

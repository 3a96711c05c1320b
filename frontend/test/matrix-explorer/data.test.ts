import { expect, test } from "vitest";
import { readMatrix } from "../../src/matrix-explorer/data/matrix-data";
import { A, B, C, D, packed, smallMatrix } from "./small-matrix";

test("a matrix packed by Python is read with its cells, places and sizes", async () => {
  const data = await smallMatrix();
  const ids = Array.from({ length: 4 }, (_, row) => data.rows.ids.at(row));
  expect(ids).toEqual([A, B, C, D]);
  expect([...data.begin]).toEqual([0, 2, 4, 5, 5]);
  expect([...data.places]).toEqual([0, 1, 1, 2, 2]);
  expect([...data.count]).toEqual([1, 2, 1, 1, 1]);
  expect([...data.total]).toEqual([50, 400, 20, 700, 1]);
  expect([...data.largest]).toEqual([50, 300, 20, 700, 1]);
  expect(data.columns.depth?.[0]).toBe(Number.POSITIVE_INFINITY);
});

test("a matrix may begin anywhere in a message", async () => {
  const block = await packed();
  const message = new Uint8Array(block.byteLength + 8);
  message.set(new Uint8Array(block.buffer), 3);
  const data = await readMatrix(new DataView(message.buffer, 3, block.byteLength));
  expect([...data.total]).toEqual([50, 400, 20, 700, 1]);
});

import { describe, expect, test, vi } from "vitest";
import type { Change } from "../../src/matrix-explorer/state";
import { A, B, C, D, smallStore, X } from "./small-matrix";

const places = (...numbers: number[]) => {
  const block = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, k) => {
    block.setUint32(4 * k, number, true);
  });
  return block;
};

async function changesAfter(act: (store: Awaited<ReturnType<typeof smallStore>>) => void) {
  const store = await smallStore();
  const changes: Change[] = [];
  store.on((change) => changes.push(change));
  act(store);
  return changes;
}

test("a choice is a pair of root ids", async () => {
  const store = await smallStore({ order_pre: "cell_type_auto" });
  store.choose({ row: 1, column: 0 });
  expect(store.get("pair")).toEqual([D, X]);
});

test("a rectangle selects the cells of its rows and columns as shown", async () => {
  const store = await smallStore({ order_pre: "cell_type_auto" });
  store.select([0, 2], [1, 3]);
  expect(store.get("selected_pre")).toEqual([A, D]);
  expect(store.get("selected_post")).toEqual([B, A]);
  expect(store.selectedPlaces("pre")).toEqual([0, 1]);
});

test("cells selected elsewhere are located on their axes", async () => {
  const store = await smallStore();
  store.set({ selected_post: [A, D, X] });
  expect(store.selectedPlaces("post")).toEqual([0, 2]);
});

test("the cross-hair stays with its cells when their order changes", async () => {
  const store = await smallStore();
  store.point({ row: 3, column: 0 });
  store.set({ order_pre: "cell_type_auto", order_post: "cell_type_auto" });
  expect(store.cross).toEqual({ row: 1, column: 3 });
});

test("the cross-hair follows a choice made elsewhere, and stays after its own", async () => {
  const store = await smallStore({ cell: A });
  store.point({ row: 1, column: 2 });
  store.choose({ row: 1, column: 2 });
  store.set({ pair: null });
  expect(store.cross).toEqual({ row: 1, column: 2 });
  store.model.set("pair", [C, A]);
  expect(store.cross).toEqual({ row: 2, column: 2 });
  // As after Back to the state before a pair was chosen.
  store.model.set("pair", null);
  expect(store.cross).toBeNull();
  store.model.set("pair", [C, A]);
  expect(store.cross).toBeNull();
  store.point({ row: 1, column: 2 });
  store.model.set("cell", B);
  expect(store.cross).toEqual({ row: 2, column: 2 });
});

test("changes from elsewhere report which parts to draw", async () => {
  expect(await changesAfter((store) => store.model.set("value", "count"))).toEqual(["picture"]);
  expect(await changesAfter((store) => store.model.set("pair", [A, B]))).toEqual(["choice"]);
  expect(await changesAfter((store) => store.model.set("show", "types"))).toEqual(["mode"]);
  expect(
    await changesAfter((store) => store.model.set("view", { rows: [0, 2], columns: [0, 2] })),
  ).toEqual(["window"]);
});

test("a pair chosen elsewhere comes into view", async () => {
  const store = await smallStore({ view: { rows: [0, 2], columns: [0, 2] } });
  store.model.set("pair", [C, A]);
  expect(store.window).toEqual({ left: 1, right: 3, top: 1, bottom: 3 });
  expect(store.get("view")).toEqual({ rows: [1, 3], columns: [1, 3] });
  store.model.set("pair", [B, B]);
  expect(store.window).toEqual({ left: 1, right: 3, top: 1, bottom: 3 });
});

describe("the view", () => {
  test("is sent to Python after a pause, and its echo changes nothing", async () => {
    vi.useFakeTimers();
    const store = await smallStore();
    store.look({ left: 0.2, right: 2.4, top: 1, bottom: 3 });
    expect(store.get("view")).toEqual({});
    vi.runAllTimers();
    vi.useRealTimers();
    expect(store.get("view")).toEqual({ rows: [1, 3], columns: [0, 3] });
    expect(store.window.left).toBe(0.2);
  });

  test("follows Python", async () => {
    const store = await smallStore();
    store.model.set("view", { rows: [1, 3], columns: [0, 2] });
    expect(store.window).toEqual({ left: 0, right: 2, top: 1, bottom: 3 });
  });

  test("of two types is the block of their cells", async () => {
    const store = await smallStore({ show: "types" });
    store.lookAtTypes("23P", "BC");
    expect(store.get("show")).toBe("cells");
    expect(store.window).toEqual({ left: 1, right: 2, top: 0, bottom: 2 });
  });
});

describe("an order that only Python knows", () => {
  test("is requested", async () => {
    const answers = { order: () => ({ content: null, buffers: [places(2, 0, 1, 3)] }) };
    const store = await smallStore({}, answers);
    await store.order("pre", "clustering");
    expect(store.get("order_pre")).toBe("clustering");
    expect(store.idOf("pre", 0)).toBe(C);
  });

  test("that a saved notebook names is fetched; the order of the data is shown meanwhile", async () => {
    const answers = { order: () => ({ content: null, buffers: [places(2, 0, 1, 3)] }) };
    const store = await smallStore({ order_pre: "clustering" }, answers);
    expect(store.idOf("pre", 0)).toBe(A);
    await vi.waitFor(() => expect(store.idOf("pre", 0)).toBe(C));
  });

  test("is unavailable without Python, which is reported", async () => {
    const store = await smallStore();
    await store.order("pre", "clustering");
    expect(store.get("order_pre")).toBe("given");
    expect(store.status).toContain("not connected to Python");
  });

  test("can be sent as a trait", async () => {
    const store = await smallStore({ order_post: "own", own_post: places(3, 2, 1, 0) });
    expect(store.idOf("post", 3)).toBe(X);
  });
});

// What the mouse and a finger choose in the matrix, and how it is described.
import { expect, test, vi } from "vitest";
import { nearestConnection } from "../../src/matrix-explorer/data/nearest-connection";
import type { State } from "../../src/matrix-explorer/state";
import type { Store } from "../../src/matrix-explorer/store";
import { zoomButtons } from "../../src/matrix-explorer/view/zoom-buttons";
import { el, find, frames, mounted, text } from "./mounted-matrix";
import { A, B, C, D, smallStore, X } from "./small-matrix";

/** Size of the part that is seen as 4 × 4 entries: each has a quarter of it. */
const small = {
  width: 20,
  height: 16,
  left: 0,
  top: 0,
  plotWidth: 20,
  plotHeight: 16,
  hasNames: false,
};

/** 100 rows and 75 columns in view, of which only four exist: entries of about 5 px. */
const TINY = { rows: [0, 100], columns: [0, 75] } satisfies State["view"];

/** A point of the matrix, in rows and columns, on an 800 px wide page. */
function at(row: number, column: number, { rows, columns } = { rows: [0, 4], columns: [0, 4] }) {
  const canvas = find<HTMLCanvasElement>(".mx-plot canvas");
  const box = find(".mx-plot").getBoundingClientRect();
  const [width, height] = [canvas.clientWidth - 72 - 46, canvas.clientHeight - 40 - 46];
  return {
    clientX: box.left + 72 + (column / (columns[1] as number)) * width,
    clientY: box.top + 40 + (row / (rows[1] as number)) * height,
  };
}

function send(type: string, at: { clientX: number; clientY: number }, pointerType = "mouse"): void {
  const plot = find(".mx-plot");
  // Only a real pointer can be captured.
  plot.setPointerCapture = () => {};
  const more = { button: 0, pointerId: 1, pointerType, bubbles: true };
  plot.dispatchEvent(new PointerEvent(type, { ...at, ...more }));
}

function click(at: { clientX: number; clientY: number }, pointerType = "mouse"): void {
  if (pointerType === "mouse") send("pointermove", at);
  send("pointerdown", at, pointerType);
  find(".mx-plot").focus();
  send("pointerup", at, pointerType);
}

test("the nearest connection within reach is found, of several in one place the strongest", async () => {
  const store = await smallStore({ value: "sum" });
  const near = (x: number, y: number, reach = 4) =>
    nearestConnection(store, small, { x, y }, reach);
  expect(near(7, 2)).toEqual({ row: 0, column: 1 });
  // In the row of C, whose only connection is onto A, 3 px to the right.
  expect(near(7, 9.9, 2)).toEqual({ row: 1, column: 1 });
  expect(near(7, 11.5)).toEqual({ row: 2, column: 2 });
  expect(near(2, 14)).toBeNull();
  expect(near(2, 13, 6)).toEqual({ row: 1, column: 1 });
  expect(near(19, 2, 2)).toBeNull();
});

test("as a box, an entry without a connection can be chosen", async () => {
  const model = await mounted();
  click(at(3.5, 0.5));
  expect(model.get("pair")).toEqual([D, X]);
});

test("a click on small entries chooses the nearest connection, and its description agrees", async () => {
  const model = await mounted({ view: TINY });
  click(at(2.5, 1.8, TINY));
  expect(model.get("pair")).toEqual([C, A]);
  await frames();
  expect(text(".mx-readout")).toContain(`${C} (MC`);
  expect(text(".mw-tip")).toContain(`onto ${A}`);
});

test("a click where no connection is near changes no choice, and says so", async () => {
  const model = await mounted({ view: TINY, pair: [A, B], cell: C });
  const note = "No connection here; click a coloured entry to choose its pair.";
  click(at(3.5, 0.5, TINY));
  expect([model.get("pair"), model.get("cell")]).toEqual([[A, B], C]);
  await frames();
  expect(text(".mx-readout")).toBe(note);
  expect(text(".mx-matrix > .mw-aloud")).toBe(note);
  send("pointermove", at(0.5, 1.5, TINY));
  await frames();
  expect(text(".mx-readout")).toContain("2 synapses");
  click(at(3.5, 0.5, TINY));
  send("pointerleave", at(3.5, 0.5, TINY));
  await frames();
  expect(text(".mx-readout")).not.toBe(note);
});

test("a tap where no connection is near says so, also after a tap that chose a pair", async () => {
  const model = await mounted({ view: TINY });
  click(at(0.5, 1.5, TINY), "touch");
  await frames();
  expect(model.get("pair")).toEqual([A, B]);
  expect(text(".mx-readout")).toContain("2 synapses");
  click(at(3.5, 0.5, TINY), "touch");
  await frames();
  expect(text(".mx-readout")).toMatch(/^No connection here/);
  expect(model.get("pair")).toEqual([A, B]);
});

test("a finger reaches further than the mouse", async () => {
  const model = await mounted({ view: TINY });
  const place = at(3.02, 0.9, TINY);
  click(place);
  expect(model.get("pair")).toBeNull();
  click(place, "touch");
  expect(model.get("pair")).toEqual([B, B]);
});

test("after a click that chose nothing the wheel zooms", async () => {
  await mounted({ view: TINY });
  const wheel = () => {
    const event = new WheelEvent("wheel", {
      deltaY: -100,
      cancelable: true,
      ...at(3.5, 0.5, TINY),
    });
    find(".mx-plot").dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(wheel()).toBe(false);
  click(at(3.5, 0.5, TINY));
  expect(wheel()).toBe(true);
});

test("the tooltip goes when the pointer leaves after a click, and when the layout moves", async () => {
  await mounted();
  const tip = find(".mx-plot .mw-tip");
  click(at(0.5, 1.5));
  await frames();
  expect(tip.hidden).toBe(false);
  send("pointerleave", at(0.5, 1.5));
  await frames();
  expect(tip.hidden).toBe(true);
  send("pointermove", at(0.5, 1.6));
  await frames();
  expect(tip.hidden).toBe(false);
  el.style.width = "700px";
  await vi.waitFor(() => expect(tip.hidden).toBe(true));
});

test.each([
  ["about the chosen pair", 10, { top: 5.25, bottom: 55.25, left: 10.25, right: 60.25 }],
  [
    "about the middle, if the pair is not in view",
    -1,
    { top: 25, bottom: 75, left: 25, right: 75 },
  ],
])("the button + zooms %s", (_name, row, window) => {
  const look = vi.fn();
  const places = { pre: row, post: 20 };
  const buttons = zoomButtons({
    window: { top: 0, bottom: 100, left: 0, right: 100 },
    layout: { nRows: 100, nColumns: 100 },
    get: () => [A, B],
    placeOf: (side: "pre" | "post") => places[side],
    look,
  } as unknown as Store);
  buttons.querySelector("button")?.click();
  expect(look).toHaveBeenCalledWith(window);
});

test("a press on the buttons that zoom chooses nothing", async () => {
  const model = await mounted({ view: { rows: [1, 3], columns: [1, 3] }, pair: [A, B] });
  const out = find("[aria-label='Zoom out']");
  const box = out.getBoundingClientRect();
  const middle = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
  for (const name of ["pointerdown", "pointerup", "click"])
    out.dispatchEvent(new PointerEvent(name, { ...middle, bubbles: true, button: 0 }));
  await vi.waitFor(() => expect(model.get("view")).toEqual({}));
  expect(model.get("pair")).toEqual([A, B]);
});

test("in a narrow part the buttons that zoom cover neither the matrix nor the text", async () => {
  el.style.width = "310px";
  await mounted();
  await frames();
  const buttons = find(".mx-zoom").getBoundingClientRect();
  const plot = find(".mx-plot").getBoundingClientRect();
  const canvas = find(".mx-plot canvas").getBoundingClientRect();
  // Right of the matrix and below it are 26 px for the margins.
  expect(buttons.left >= canvas.right - 26 || buttons.top >= canvas.bottom - 26).toBe(true);
  expect(find(".mx-readout").getBoundingClientRect().right).toBeLessThanOrEqual(buttons.left);
  expect(buttons.bottom).toBeLessThanOrEqual(plot.bottom);
});

test.each([{ cell: A }, { outside: "864691135999999999" }, {}])(
  "in the column of the explorer the text below the matrix is not cut: %o",
  async (state) => {
    el.style.width = "274px";
    el.style.setProperty("--mw-part-height", "540px");
    await mounted(state);
    await frames();
    const readout = find(".mx-readout");
    expect(readout.textContent).toContain("scroll to zoom");
    expect(readout.scrollHeight).toBeLessThanOrEqual(readout.clientHeight);
  },
);

test("the menu More has the whole help", async () => {
  await mounted();
  expect(text(".mx-help")).toContain("dragging with Shift selects cells");
  expect(text(".mx-help")).toContain("N and P go to the next and previous connection");
});

test("only lines that are in view are mentioned", async () => {
  const model = await mounted({ cell: A });
  expect(text(".mx-readout")).toContain(`Blue lines mark the row and column of ${A}.`);
  model.set("view", { rows: [0, 2], columns: [0, 2] });
  await vi.waitFor(() => expect(text(".mx-readout")).toContain(`mark the row of ${A}.`));
  model.set("view", { rows: [2, 4], columns: [0, 2] });
  await vi.waitFor(() => expect(text(".mx-readout")).toMatch(/^Click, then scroll/));
});

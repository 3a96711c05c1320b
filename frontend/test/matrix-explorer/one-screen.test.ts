// What lets the matrix be one part of a screen: its height, its menu, undo, and linked widgets.
import { expect, test, vi } from "vitest";
import type { State } from "../../src/matrix-explorer/state";
import { shareHover } from "../../src/shared/hover";
import { el, find, frames, mounted, text } from "./mounted-matrix";
import { A, B } from "./small-matrix";

const press = (target: HTMLElement, key: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
function moveTo(x: number, y: number): void {
  const box = find(".mx-plot").getBoundingClientRect();
  const at = { clientX: box.left + x, clientY: box.top + y, bubbles: true, pointerType: "mouse" };
  find(".mx-plot").dispatchEvent(new PointerEvent("pointermove", at));
}

test.each([
  [290, 564],
  [860, 500],
])(
  "in %i px it is exactly as high as its part, and everything is inside",
  async (width, height) => {
    el.style.width = `${width}px`;
    el.style.setProperty("--mw-part-height", `${height}px`);
    await mounted();
    await frames();
    const root = find(".mx").getBoundingClientRect();
    expect(root.height).toBe(height);
    const readout = find(".mx-readout").getBoundingClientRect();
    expect(readout.bottom).toBeLessThanOrEqual(root.bottom);
    expect(find(".mx-toolbar").getBoundingClientRect().height).toBeLessThan(40);
    find<HTMLDetailsElement>(".mx-more").open = true;
    const menu = find(".mx-menu").getBoundingClientRect();
    expect(menu.bottom).toBeLessThanOrEqual(root.bottom);
    expect(menu.left).toBeGreaterThanOrEqual(root.left);
  },
);

test.each([
  {},
  { order_pre: "cell_type_auto", order_post: "cell_type_auto" },
  { show: "types" },
  { show: "connection_table" },
] as Partial<State>[])(
  "in 310 px its lists show the whole of what is chosen: %j",
  async (state) => {
    el.style.width = "310px";
    await mounted(state);
    const lists = el.querySelectorAll<HTMLSelectElement>(
      ".mx-toolbar > label:not([hidden]) select",
    );
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) {
      const whole = list.cloneNode(true) as HTMLSelectElement;
      whole.value = list.value;
      whole.style.cssText = "position: absolute; width: auto";
      list.after(whole);
      expect(list.offsetWidth).toBeGreaterThanOrEqual(whole.offsetWidth);
      whole.remove();
    }
  },
);

test("alone in 860 px it takes no more than 620 px", async () => {
  el.style.width = "860px";
  await mounted();
  expect(find(".mx").getBoundingClientRect().height).toBeLessThanOrEqual(620);
});

test("the menu closes with Escape and with a press outside", async () => {
  await mounted();
  const more = find<HTMLDetailsElement>(".mx-more");
  more.open = true;
  press(find(".mx-menu select"), "Escape");
  expect(more.open).toBe(false);
  more.open = true;
  find(".mx-menu select").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  expect(more.open).toBe(true);
  find(".mx-caption").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  expect(more.open).toBe(false);
});

test("Ctrl+Z and the menu undo, Ctrl+Shift+Z redoes", async () => {
  const model = await mounted();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  model.set("value", "count");
  await pause();
  model.set("show", "types");
  await pause();
  press(find(".mx-toolbar select"), "z", { ctrlKey: true });
  expect([model.get("show"), model.get("value")]).toEqual(["cells", "count"]);
  const undo = [...el.querySelectorAll("button")].find((one) => one.textContent === "Undo");
  expect(undo?.disabled).toBe(false);
  undo?.click();
  expect(model.get("value")).toBe("log10_sum");
  expect(undo?.disabled).toBe(true);
  press(find(".mx-plot"), "Z", { ctrlKey: true, shiftKey: true });
  expect(model.get("value")).toBe("count");
});

test("undoing a selection also brings back how many of its cells are outside", async () => {
  const model = await mounted();
  const select = (n: number, outside: number) => {
    model.set("selected_pre", [A, B].slice(0, n));
    model.set("selected_outside", outside);
  };
  select(2, 3);
  await new Promise((resolve) => setTimeout(resolve, 200));
  select(1, 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  press(find(".mx-plot"), "z", { ctrlKey: true });
  expect([model.get("selected_pre"), model.get("selected_outside")]).toEqual([[A, B], 3]);
});

test("undoing a pair brings back the view that it had moved", async () => {
  const view = { rows: [0, 4], columns: [0, 2] } as State["view"];
  const model = await mounted({ view });
  model.set("pair", [A, A]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(model.get("view")).not.toEqual(view);
  press(find(".mx-plot"), "z", { ctrlKey: true });
  expect(model.get("pair")).toBeNull();
  expect(model.get("view")).toEqual(view);
});

test("linked widgets hear once which entry, row or column the pointer is on", async () => {
  await mounted({ link_group: "one" });
  const heard: string[][] = [];
  const listener = (event: Event) => heard.push((event as CustomEvent).detail.ids);
  document.addEventListener("microns-hover", listener);
  const [left, top] = [72, 40];
  moveTo(left + 2, top + 2);
  moveTo(left + 3, top + 3);
  moveTo(left - 5, top + 2);
  find(".mx-plot").dispatchEvent(new PointerEvent("pointerleave"));
  document.removeEventListener("microns-hover", listener);
  expect(heard).toEqual([[A, expect.any(String)], [A], []]);
});

test("a tooltip is at the pointer and names both cells", async () => {
  await mounted();
  moveTo(74, 42);
  await frames();
  expect(find(".mw-tip").hidden).toBe(false);
  expect(text(".mw-tip")).toContain(`from ${A} 23P`);
  find(".mx-plot").dispatchEvent(new PointerEvent("pointerleave"));
  await frames();
  expect(find(".mw-tip").hidden).toBe(true);
});

test("cells under the pointer elsewhere have guides", async () => {
  await mounted({ link_group: "two" });
  const upper = el.querySelectorAll(".mx-plot canvas")[1] as HTMLCanvasElement;
  shareHover("two", {}, [B]);
  await frames();
  expect(upper.hidden).toBe(false);
  shareHover("two", {}, []);
  await frames();
  expect(upper.hidden).toBe(true);
});

test("a cell that was chosen elsewhere and is not in the matrix is reported", async () => {
  const model = await mounted();
  model.set("outside", "864691136000000000");
  await vi.waitFor(() =>
    expect(text(".mx-readout")).toContain(
      "Cell 864691136000000000 is not in this matrix (4 × 4 cells).",
    ),
  );
});

test("the map is shown after zooming in, and can be hidden", async () => {
  const model = await mounted();
  const map = find(".mx-minimap");
  expect(map.hidden).toBe(true);
  model.set("view", { rows: [0, 2], columns: [0, 2] });
  await frames();
  expect(map.hidden).toBe(false);
  find(".mx-minimap button").click();
  await frames();
  expect([map.hidden, model.get("minimap")]).toEqual([true, false]);
});

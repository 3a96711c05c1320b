import { describe, expect, test, vi } from "vitest";
import widget from "../../src/matrix-explorer/index";
import { DARK_GROUND, NO_CONNECTION } from "../../src/shared/palette";
import { renderStatic } from "../../src/shared/static-model";
import { el, find, frames, mounted, show, takeAway, text } from "./mounted-matrix";
import { A, B, C, packed, smallModel, X } from "./small-matrix";

const plot = () => find(".mx-plot");
const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  (document.activeElement ?? plot()).dispatchEvent(event);
};

/** Colour inside an entry of the 4 x 4 matrix. */
function fieldColor(row: number, column: number): string {
  const canvas = el.querySelector(".mx-plot canvas") as HTMLCanvasElement;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const ratio = canvas.width / canvas.clientWidth;
  const width = canvas.clientWidth - 72 - 46;
  const height = canvas.clientHeight - 40 - 46;
  // A quarter into the entry: its value may be written in the middle.
  const x = (72 + ((column + 0.1) / 4) * width) * ratio;
  const y = (40 + ((row + 0.1) / 4) * height) * ratio;
  const [red, green, blue] = context.getImageData(x, y, 1, 1).data;
  return `#${[red, green, blue].map((n) => (n ?? 0).toString(16).padStart(2, "0")).join("")}`;
}

describe("the picture", () => {
  test("shows each connection, the strongest darkest, and the palette's colour for no connection", async () => {
    await mounted();
    expect(fieldColor(3, 3)).toBe(NO_CONNECTION);
    expect(fieldColor(0, 2)).toBe(NO_CONNECTION);
    expect(fieldColor(1, 2)).toBe("#440154");
    expect(fieldColor(2, 2)).toBe("#5dc963");
    expect(text(".mx-caption")).toContain("5 connections among 4 × 4 cells");
    expect(text(".mx-caption")).toContain("Source: a small world.");
  });

  test("follows order, value and colours", async () => {
    const model = await mounted();
    model.set("order_pre", "cell_type_auto");
    model.set("value", "binary");
    model.set("colormap", "greys");
    await frames();
    expect(fieldColor(1, 0)).toBe(NO_CONNECTION);
    expect(fieldColor(3, 2)).toBe(fieldColor(0, 0));
  });

  test("follows the theme", async () => {
    await mounted();
    document.body.setAttribute("data-theme", "dark");
    await vi.waitFor(() =>
      expect(el.querySelector(".mx")?.getAttribute("data-theme")).toBe("dark"),
    );
    await frames();
    expect(fieldColor(4.05, 4.05)).toBe("#1b1d20");
    document.body.removeAttribute("data-theme");
  });

  test("follows a theme that changes while the page has no layout for a moment", async () => {
    await mounted();
    await frames();
    el.style.display = "none";
    document.body.setAttribute("data-theme", "dark");
    // The observer of the theme is called before the next frame.
    await Promise.resolve();
    expect(el.querySelector(".mx")?.getAttribute("data-theme")).toBe("dark");
    el.style.display = "";
    await frames();
    expect(fieldColor(0, 2)).toBe(DARK_GROUND);
    expect(fieldColor(4.05, 4.05)).toBe("#1b1d20");
    document.body.removeAttribute("data-theme");
  });
});

describe("the keyboard", () => {
  test("moves the cross-hair, which is read out, and chooses a pair", async () => {
    const model = await mounted();
    plot().focus();
    press("Home");
    press("ArrowUp");
    press("ArrowUp");
    expect(text(".mw-aloud")).toContain(`${A} (23P`);
    press("ArrowRight");
    expect(text(".mw-aloud")).toContain("2 synapses, 400 voxels");
    press("Enter");
    expect(model.get("pair")).toEqual([A, B]);
    await frames();
    expect(text(".mx-readout")).toBe(text(".mw-aloud"));
  });

  test("goes from connection to connection", async () => {
    const model = await mounted();
    plot().focus();
    for (const key of ["Home", "ArrowUp", "n", "n", "n", "p", "Enter"]) press(key);
    expect(model.get("pair")).toEqual([B, B]);
    for (let i = 0; i < 9; i++) press("n");
    expect(text(".mw-aloud")).toBe("No further connection in view.");
  });

  test("zooms, selects and clears", async () => {
    const model = await mounted();
    plot().focus();
    press("Home");
    press("ArrowUp");
    press("ArrowRight", { shiftKey: true });
    expect(model.get("selected_pre")).toEqual([A]);
    expect(model.get("selected_post")).toEqual([X, B]);
    press("Escape");
    expect(model.get("selected_pre")).toEqual([]);
  });
});

describe("the chosen pair", () => {
  test("is described with its connection; listing its synapses needs Python", async () => {
    await mounted({ pair: [A, B], lists_synapses: true });
    await vi.waitFor(() =>
      expect(text(".mx-pair")).toContain("To list the synapses, Python must be running"),
    );
    expect(text(".mx-pair")).toContain("2 synapses, 400 voxels");
  });

  test("has a table of its synapses if Python answers", async () => {
    const synapses = [{ id: "2", position_um: [700.01, 600, 850], size: 300 }];
    const answers = { synapses: () => ({ n: 3, synapses }) };
    await mounted({ pair: [A, B], lists_synapses: true }, answers);
    await vi.waitFor(() => expect(el.querySelectorAll(".mx-pair tbody tr")).toHaveLength(1));
    expect(text(".mx-pair tbody tr")).toBe("2700.0600.0850.0300");
    expect(text(".mx-synapses")).toContain("and 2 smaller ones");
  });

  test.each([[A], [C], [null]])("is closed with its first cell on view, after %s", async (cell) => {
    const model = await mounted({ pair: [A, B], cell });
    find(".mx-close").click();
    expect([model.get("pair"), model.get("cell")]).toEqual([null, A]);
    await frames();
    expect(text(".mx-readout")).toContain(`Blue lines mark the row and column of ${A}`);
  });

  test("is announced, and no longer once it was closed elsewhere or is not in this matrix", async () => {
    const model = await mounted();
    const said = () => text(".mx-frame > .mw-aloud");
    model.set("pair", [A, B]);
    await vi.waitFor(() => expect(said()).toMatch(/^Chosen pair: 23P onto BC/));
    model.set("pair", null);
    await vi.waitFor(() => expect(said()).toBe(""));
    model.set("pair", [A, B]);
    await vi.waitFor(() => expect(said()).toMatch(/^Chosen pair/));
    model.set("pair", ["1", "2"]);
    await vi.waitFor(() => expect(said()).toBe(""));
  });

  test("has numbers and ids that never break", async () => {
    el.style.width = "200px";
    const synapses = [{ id: "411840", position_um: [1056.3, 600, 850], size: 41184072 }];
    const answers = { synapses: () => ({ n: 1, synapses }) };
    await mounted({ pair: [A, B], lists_synapses: true }, answers);
    await vi.waitFor(() => expect(el.querySelectorAll(".mx-pair tbody td")).toHaveLength(5));
    for (const cell of el.querySelectorAll<HTMLElement>(
      ".mx-pair td, .mx-pair th, .mx-pair code",
    )) {
      const range = document.createRange();
      range.selectNodeContents(cell);
      expect(range.getClientRects()).toHaveLength(1);
    }
    const list = find(".mx-synapses");
    expect(list.scrollWidth).toBeGreaterThan(list.clientWidth);
  });

  test("has a table that is not cut beside the matrix, and says its units", async () => {
    const synapses = [{ id: "158405512", position_um: [1056.3, 600.1, 1150.9], size: 41184 }];
    const answers = { synapses: () => ({ n: 1, synapses }) };
    await mounted({ pair: [A, B], lists_synapses: true }, answers);
    await vi.waitFor(() => expect(el.querySelectorAll(".mx-pair tbody td")).toHaveLength(5));
    const list = find(".mx-synapses");
    expect(list.clientWidth).toBeLessThan(240);
    expect(list.scrollWidth).toBeLessThanOrEqual(list.clientWidth);
    expect(text(".mx-synapses caption")).toBe("Places in µm, sizes in voxels");
  });

  test("shows Python's reason when it fails", async () => {
    const fail = () => Promise.reject(new Error("The index is damaged."));
    await mounted({ pair: [A, B], lists_synapses: true }, { synapses: fail });
    await vi.waitFor(() => expect(text(".mx-pair")).toContain("The index is damaged."));
  });
});

describe("the view by type", () => {
  test("has a box for each type pair, with the number of cell pairs", async () => {
    await mounted({ show: "types" });
    expect(el.querySelectorAll(".mx-field")).toHaveLength(12);
    expect(el.querySelector('[data-field="1"]')?.textContent).toBe("50 % of 2");
    expect(el.querySelector('[data-field="1"]')?.getAttribute("aria-label")).toBe(
      "50 % of 2, 23P → BC: 1 of 2 pairs connected (50 %), 2 synapses per connected pair, mean size 200 voxels",
    );
  });

  test("says one synapse and two synapses", async () => {
    await mounted({ show: "types", by: "cell_type_auto" });
    const label = (typePair: number) =>
      el.querySelector(`[data-field="${typePair}"]`)?.getAttribute("aria-label");
    const all = Array.from({ length: 12 }, (_, typePair) => label(typePair)).join();
    expect(all).toContain(" 1 synapse per connected pair");
    expect(all).not.toContain(" 1 synapses");
  });

  test("keeps the names of the rows beside the boxes when it is scrolled", async () => {
    el.style.width = "160px";
    await mounted({ show: "types" });
    const board = find(".mx-types-board");
    const names = find(".mx-row-names").getBoundingClientRect();
    const box = () => find('[data-field="0"] rect').getBoundingClientRect().left;
    expect(box()).toBeCloseTo(names.right + 0.5);
    expect(board.scrollWidth).toBeGreaterThan(board.clientWidth);
    board.scrollLeft = 40;
    expect(box()).toBeCloseTo(names.right + 0.5 - 40);
    expect(find(".mx-row-names").getBoundingClientRect().left).toBe(names.left);
    expect(text(".mx-row-names")).toContain("23P");
  });

  test("has nothing to press or to focus below the names of the rows", async () => {
    el.style.width = "160px";
    await mounted({ show: "types" });
    const board = find(".mx-types-board");
    board.scrollLeft = 40;
    const names = () => find(".mx-row-names").getBoundingClientRect();
    const name = [...el.querySelectorAll(".mx-row-names text")].at(-1) as Element;
    const { right, top, height } = name.getBoundingClientRect();
    const below = document.elementFromPoint(right - 2, top + height / 2);
    expect(below?.closest(".mx-row-names")).toBeTruthy();
    expect(below?.closest("[data-field]")).toBeNull();
    const boxAt = (typePair: number) =>
      el.querySelector<SVGGElement>(`[data-field="${typePair}"]`) as SVGGElement;
    boxAt(1).focus({ preventScroll: true });
    expect(boxAt(0).getBoundingClientRect().left).toBeLessThan(names().right);
    boxAt(1).dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    expect(document.activeElement).toBe(boxAt(0));
    const rect = boxAt(0).querySelector("rect") as SVGRectElement;
    expect(rect.getBoundingClientRect().left).toBeGreaterThanOrEqual(names().right);
  });

  test("has a tooltip beside the mouse with all numbers of a type pair", async () => {
    const model = await mounted({ show: "types" });
    const box = el.querySelector('[data-field="1"]') as SVGGElement;
    const tip = el.querySelector(".mx-types .mw-tip") as HTMLElement;
    const point = (at: Element, pointerType = "mouse") => {
      const { x, y, height } = at.getBoundingClientRect();
      const init = { clientX: x + 2, clientY: y + height / 2, pointerType, bubbles: true };
      at.dispatchEvent(new PointerEvent("pointermove", init));
    };
    point(box, "touch");
    expect(tip.hidden).toBe(true);
    point(box);
    expect([...tip.children].map((line) => line.textContent?.trim())).toEqual([
      "from 23P",
      "onto BC",
      "1 of 2 pairs connected (50 %)",
      "2 synapses per connected pair",
      "mean size 200 voxels",
    ]);
    const [at, on] = [tip.getBoundingClientRect(), box.getBoundingClientRect()];
    expect(at.left - on.left).toBeCloseTo(2 + 14, 0);
    point(box.parentElement as Element);
    expect(tip.hidden).toBe(true);
    point(box);
    box.parentElement?.parentElement?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(tip.hidden).toBe(true);
    point(box);
    model.set("type_value", "mean_size");
    expect(tip.hidden).toBe(true);
  });

  test("is read by a first tap, and leads to the cells by a second one on the same box", async () => {
    const model = await mounted({ show: "types" });
    const tap = (typePair: number) =>
      el
        .querySelector(`[data-field="${typePair}"]`)
        ?.dispatchEvent(new PointerEvent("click", { pointerType: "touch", bubbles: true }));
    tap(1);
    expect(text(".mx-types .mx-readout")).toMatch(/^23P → BC: .*\. Tap again to show its cells\.$/);
    tap(0);
    expect(model.get("show")).toBe("types");
    tap(0);
    expect(model.get("show")).toBe("cells");
  });

  test("can be navigated by arrow keys, and a box leads to its cells", async () => {
    const model = await mounted({ show: "types" });
    el.querySelector<SVGGElement>('[data-field="0"]')?.focus();
    press("ArrowDown");
    press("ArrowRight");
    press("ArrowLeft");
    press("Enter");
    expect(model.get("show")).toBe("cells");
    expect(model.get("order_pre")).toBe("cell_type_auto");
    await vi.waitFor(() => expect(model.get("view")).toEqual({ rows: [2, 3], columns: [0, 1] }));
  });
});

test("the histogram shows the strengths among selected cells", async () => {
  const model = await mounted();
  await vi.waitFor(() => expect(text(".mx-histogram")).toContain("5 connections (all)"));
  model.set("selected_pre", [B, C]);
  await vi.waitFor(() => expect(text(".mx-histogram")).toContain("3 connections (selected)"));
});

test("a label that looks like code is shown as text", async () => {
  const name = "<img src=x onerror=alert(1)>";
  const block = await packed();
  const model = smallModel({ data: block, source: name });
  await show(model);
  await vi.waitFor(() => expect(text(".mx-caption")).toContain(name));
  expect(el.querySelector("img")).toBeNull();
});

test("two views of one model show the same choice, and one may leave", async () => {
  const model = await mounted();
  const second = document.createElement("div");
  el.append(second);
  const away = await renderStatic(widget, model, second);
  await vi.waitFor(() => expect(second.querySelector(".mx-plot")).toBeTruthy());
  model.set("pair", [B, A]);
  await vi.waitFor(() => expect(second.textContent).toContain("1 synapse, 700 voxels"));
  expect(text(".mx-pair")).toContain("1 synapse, 700 voxels");
  away();
  model.set("pair", null);
  await vi.waitFor(() => expect((el.querySelector(".mx-pair") as HTMLElement).hidden).toBe(true));
});

test("a pair that is not in the matrix is reported", async () => {
  const model = await mounted();
  model.set("pair", [A, C]);
  await vi.waitFor(() => expect(text(".mx-pair")).toContain("is not a cell pair of this matrix"));
});

test("a failure is explained, and can be tried again", async () => {
  let tries = 0;
  const block = await packed();
  const matrix = () => {
    tries += 1;
    if (tries === 1) throw new Error("The kernel was busy.");
    return { content: null, buffers: [block] };
  };
  await show(smallModel({}, { matrix }));
  await vi.waitFor(() => expect(text("[role=alert]")).toContain("The kernel was busy."));
  el.querySelector("button")?.click();
  await vi.waitFor(() => expect(el.querySelector(".mx-plot")).toBeTruthy());
});

test("when it leaves, it stops listening and leaves nothing behind", async () => {
  const model = await mounted();
  takeAway();
  expect(el.childElementCount).toBe(0);
  expect(() => model.set("value", "count")).not.toThrow();
});

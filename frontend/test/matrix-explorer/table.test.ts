import { expect, test, vi } from "vitest";
import { cellRows, connectionRows, typeRows } from "../../src/matrix-explorer/data/table-rows";
import { summarise } from "../../src/matrix-explorer/data/type-summary";
import type { Store } from "../../src/matrix-explorer/store";
import { TableView } from "../../src/matrix-explorer/view/table-view";
import { A, B, C, D, smallStore, X } from "./small-matrix";

const cells = (rows: ReturnType<typeof cellRows>, row: number) =>
  rows.columns.map((column) => column.text(row));

function shownTable(store: Store, hover = vi.fn()) {
  const view = new TableView(
    store,
    () => summarise(store.data, store.get("by")),
    hover,
    new AbortController().signal,
  );
  document.body.append(view.root);
  view.draw();
  store.on(() => view.draw());
  const texts = () =>
    [...view.root.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
  const head = (name: string) =>
    [...view.root.querySelectorAll<HTMLElement>("th button")].find((button) =>
      button.textContent?.startsWith(name),
    );
  const press = (key: string) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  };
  return { view, texts, head, press, hover };
}

test("connections are listed as shown, with the synapses of the opposite direction", async () => {
  const store = await smallStore();
  const rows = connectionRows(store);
  expect(rows.n).toBe(5);
  expect(rows.name).toBe("connections in the matrix");
  // X is not among the rows, so that nothing is known of the way back.
  expect(cells(rows, 0)).toEqual([A, "23P", X, "unknown", "1", "50", "–"]);
  expect(cells(rows, 1)).toEqual([A, "23P", B, "BC", "2", "400", "1"]);
});

test("the connections are those among the selected cells or in view", async () => {
  const store = await smallStore({ selected_pre: [B] });
  expect(connectionRows(store).name).toBe("connections among the selected cells");
  expect(connectionRows(store).n).toBe(2);
  store.set({ selected_pre: [] });
  store.look({ left: 0, right: 4, top: 2, bottom: 4 });
  expect(connectionRows(store).name).toBe("connections in view");
  expect(connectionRows(store).n).toBe(1);
});

test.each([
  [[B], 1, "1–2 of 2 connections among the selected cells. 1 of the 2 selected cells is not in"],
  [[D], 12, "no connections among the selected cells. 12 of the 13 selected cells are not in"],
  [[], 2, "connections in the matrix. All 2 selected cells are outside"],
  [[], 1, "connections in the matrix. The selected cell is outside"],
])(
  "with %j selected, the table names %i cells that are not in the matrix",
  async (ids, n, words) => {
    const selection = { selected_pre: ids, selected_post: [], selected_outside: n };
    const { view } = shownTable(await smallStore({ show: "connection_table", ...selection }));
    expect(view.root.querySelector(".mx-range")?.textContent).toContain(`${words} this matrix.`);
  },
);

test("cells have their partners and synapses in both directions", async () => {
  const rows = cellRows(await smallStore());
  expect(rows.n).toBe(6);
  expect(cells(rows, 0)).toEqual([A, "23P", "2", "3", "2", "2"]);
  expect(cells(rows, rows.n - 2)[0]).toBe(X);
  expect(cells(rows, rows.n - 2).slice(2)).toEqual(["–", "–", "1", "1"]);
});

test("pairs of types have all their numbers, and lead to their connections", async () => {
  const store = await smallStore({ show: "type_table" });
  const rows = typeRows(store, summarise(store.data, "cell_type_auto"));
  expect(cells(rows, 1)).toEqual(["23P", "BC", "1", "2", "50 %", "2", "200"]);
  rows.choose(1);
  expect(store.get("show")).toBe("connection_table");
  expect(connectionRows(store).n).toBe(1);
});

test("the keyboard sorts, walks and chooses, and each row is a sentence", async () => {
  const store = await smallStore({ show: "connection_table" });
  const { view, texts, head, press, hover } = shownTable(store);
  head("summed size")?.click();
  expect(texts().map((row) => row[5])).toEqual(["700", "400", "50", "20", "1"]);
  expect(view.root.querySelector("th[aria-sort]")?.getAttribute("aria-sort")).toBe("descending");
  view.root.querySelector<HTMLElement>("tbody tr[tabindex='0']")?.focus();
  press("ArrowDown");
  expect(view.root.querySelector(".mw-aloud")?.textContent).toMatch(/^Sorted by summed size/);
  expect(document.activeElement?.getAttribute("aria-label")).toBe(
    "pre type 23P, post type BC, synapses 2, summed size (voxels) 400, synapses back 1, " +
      `presynaptic ${A}, postsynaptic ${B}, row 2 of 5`,
  );
  expect(hover).toHaveBeenLastCalledWith([A, B]);
  press("Enter");
  expect(store.get("pair")).toEqual([A, B]);
  expect(document.activeElement?.getAttribute("aria-selected")).toBe("true");
  press("End");
  expect(document.activeElement?.textContent).toContain(C);
  view.root.remove();
});

test("values that are not known come last, whichever way the rows are sorted", async () => {
  const { view, texts, head } = shownTable(await smallStore({ show: "connection_table" }));
  head("synapses back")?.click();
  expect(texts().at(-1)?.at(-1)).toBe("–");
  head("synapses back")?.click();
  expect(texts().at(-1)?.at(-1)).toBe("–");
  view.root.remove();
});

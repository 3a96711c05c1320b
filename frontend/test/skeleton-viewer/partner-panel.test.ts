// The partner table, the pair and the history of a viewer, by simulated mouse and keyboard.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shareHover, watchHover } from "../../src/shared/hover";
import { PartnerTableView } from "../../src/skeleton-viewer/view/partner-table-view";
import { expected, load, state, until } from "./sample-cells";
import { type ShownViewer, show } from "./shown-viewer";

const [ID, MISSING] = state().cells as [string, string];
const FIRST = ".skp tbody tr";
let viewer: ShownViewer;
const rows = () => [...viewer.el.querySelectorAll<HTMLTableRowElement>(FIRST)];
const get = (name: string) => viewer.model.get(name as never) as unknown;
const key = (target: Element, name: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", {
    key: name,
    bubbles: true,
    cancelable: true,
    ...more,
  });
  target.dispatchEvent(event);
  return event;
};
const change = (selector: string, value: string) => {
  const control = viewer.find<HTMLSelectElement>(selector);
  control.value = value;
  control.dispatchEvent(new Event(control.matches("select") ? "change" : "input"));
};
/** Longer than the time in which changes count as one action. */
const action = () => new Promise((done) => setTimeout(done, 200));

beforeEach(async () => {
  viewer = await show({ cells: [ID], link_group: "g" } as never);
  await viewer.ready();
  // The table is built before the next frame.
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
});
afterEach(() => viewer.end());

describe("the partner table", () => {
  test("names the cell and its numbers, and says how many rows there are", () => {
    expect(viewer.text(".skp-heading")).toContain(`${expected.directions.input} inputs from`);
    expect(viewer.text(".skp-status")).toBe(`${expected.partner_rows.one.length} partners.`);
    expect(rows().length).toBe(60);
    viewer.find(".skp-more").click();
    expect(rows().length).toBe(120);
    expect(document.activeElement).toBe(rows()[60]);
  });

  test("has more rows when it is scrolled to its end, or walked there", async () => {
    const table = viewer.find(".skp-scroll");
    table.scrollTop = table.scrollHeight;
    await until(() => expect(rows().length).toBe(120));
    rows()[115]?.focus();
    key(rows()[115] as Element, "PageDown");
    expect(document.activeElement).toBe(rows()[125]);
  });

  test("marks a partner by a click on its row, and rings its synapses", () => {
    const row = rows()[0] as HTMLTableRowElement;
    row.cells[2]?.click();
    const id = row.cells[0]?.textContent ?? "";
    expect(get("partner")).toBe(id);
    expect(row.getAttribute("aria-selected")).toBe("true");
    const n = expected.partners.filter((partner) => partner === id).length;
    expect(viewer.el.querySelectorAll(".skv-chosen").length).toBe(n);
    row.cells[2]?.click();
    expect(get("partner")).toBeNull();
  });

  test("is walked and marks with keys, and says what is marked", () => {
    rows()[0]?.focus();
    key(rows()[0] as Element, "ArrowDown");
    expect(document.activeElement).toBe(rows()[1]);
    expect(rows().filter((row) => row.tabIndex === 0)).toEqual([rows()[1]]);
    key(rows()[1] as Element, "Enter");
    expect(get("partner")).toBe(rows()[1]?.cells[0]?.textContent);
    const aloud = [...viewer.el.querySelectorAll(".mw-aloud")].at(-1);
    expect(aloud?.textContent).toContain(`${rows()[1]?.cells[0]?.textContent}: `);
    expect(rows()[1]?.getAttribute("aria-label")).toMatch(
      / inputs?, .* µm to soma, partner \d{18}, row 2 of \d+$/,
    );
    key(rows()[1] as Element, "Escape");
    expect(get("partner")).toBeNull();
    // Once nothing is marked, it says what is on view.
    expect(aloud?.textContent).toContain("of cable");
  });

  test("keeps the focus in the viewer when a button of the partner's box is gone", () => {
    rows()[0]?.cells[2]?.click();
    const clear = [...viewer.el.querySelectorAll("button")].find((b) => b.textContent === "clear");
    clear?.focus();
    clear?.click();
    expect(get("partner")).toBeNull();
    expect(document.activeElement).toBe(viewer.find(".skv-stage"));
  });

  test("goes to a cell by its id, and nowhere from a fragment", () => {
    change(".skp [aria-label='Partner type']", "fragments");
    expect(viewer.find(`${FIRST} td:first-child button`)).toBeNull();
    change(".skp [aria-label='Partner type']", "");
    const button = viewer.find<HTMLButtonElement>(`${FIRST} td:first-child button`);
    const id = button.textContent;
    button.click();
    expect([get("cells"), get("partner")]).toEqual([[id], null]);
  });

  test("leaves the focus to the picture when it goes to a cell, so that Back is one key away", async () => {
    const button = viewer.find<HTMLButtonElement>(`${FIRST} td:first-child button`);
    button.focus();
    button.click();
    await action();
    expect(rows()).toEqual([]);
    expect(document.activeElement).toBe(viewer.stage);
    key(document.activeElement as Element, "ArrowLeft", { altKey: true });
    expect(get("cells")).toEqual([ID]);
  });

  test("is sorted by its headings, which say so", () => {
    viewer.find("[data-sort=inputs]").click();
    const heading = () => viewer.find("[data-sort=inputs]").closest("th");
    expect(heading()?.getAttribute("aria-sort")).toBe("descending");
    const counts = rows().map((row) => Number(row.cells[2]?.textContent));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(viewer.text(".skp-status")).toContain("Sorted by in, descending.");
    viewer.find("[data-sort=inputs]").click();
    expect(heading()?.getAttribute("aria-sort")).toBe("ascending");
  });

  test("is collapsed by type, and a type unfolds to its partners", () => {
    viewer.find(".skp-bar input[type=checkbox]").click();
    const types = new Map(rows().map((row) => [row.cells[0]?.textContent, row]));
    const [type] = Object.keys(expected.types).filter(Boolean);
    const row = types.get(type ?? "") as HTMLTableRowElement;
    expect(Number(row.cells[2]?.textContent) + Number(row.cells[3]?.textContent)).toBe(
      (expected.types as Record<string, number>)[type as string],
    );
    const partners = row.cells[1]?.textContent;
    row.click();
    expect(rows().length).toBe(Math.min(60, Number(partners)));
    expect(viewer.text(".skp-status")).toContain(`${partners} partner`);
  });

  test("keeps types that the legend hides, and leaves out what its threshold leaves out", () => {
    viewer.model.set("hidden_types" as never, Object.keys(expected.types) as never);
    expect(viewer.text(".skp-status")).toBe(`${expected.partner_rows.one.length} partners.`);
    change(".skp-bar input[type=number]", "3");
    expect(
      rows().every(
        (row) => Number(row.cells[2]?.textContent) + Number(row.cells[3]?.textContent) >= 3,
      ),
    ).toBe(true);
    expect(viewer.text(".skp-status")).toMatch(/^\d+ partners? of \d+\.$/);
  });

  test("tells linked widgets where the pointer is, and lights up what they point at", () => {
    const heard: unknown[] = [];
    const end = new AbortController();
    watchHover(
      () => "g",
      {},
      (ids) => heard.push(ids),
      end.signal,
    );
    const row = rows()[0] as HTMLTableRowElement;
    const id = row.cells[0]?.textContent as string;
    row.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
    expect(heard).toEqual([[id]]);
    expect(viewer.el.querySelectorAll(".skv-lit").length).toBeGreaterThan(0);
    row.parentElement?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(heard).toEqual([[id], []]);
    expect(viewer.el.querySelectorAll(".skv-lit").length).toBe(0);
    end.abort();
    shareHover("g", {}, [ID, expected.partners.at(-1) as string]);
    expect(viewer.el.querySelectorAll(".skv-lit").length).toBeGreaterThan(0);
    shareHover("g", {}, []);
    expect(viewer.el.querySelectorAll(".skv-lit").length).toBe(0);
  });

  test("copies a line of Python for what it shows", async () => {
    const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    change(".skp [aria-label=Direction]", "inputs");
    for (const button of viewer.el.querySelectorAll<HTMLButtonElement>(".skp-exports button"))
      if (button.textContent === "Python") button.click();
    await until(() => expect(viewer.text(".skp-status")).toContain("Copied"));
    expect(copied.mock.calls[0]?.[0]).toMatch(`con.partners(${ID}, "inputs")`);
    copied.mockRestore();
  });

  test("is made higher with the keys of its divider, and a double click resets it", async () => {
    const divider = viewer.find("[role=separator]");
    const height = () => viewer.find(".skp").offsetHeight;
    const before = height();
    const now = () => expect(Number(divider.getAttribute("aria-valuenow"))).toBe(height());
    await until(now);
    key(divider, "ArrowUp");
    expect(height()).toBe(before + 24);
    await until(now);
    key(divider, "ArrowDown");
    key(divider, "Home");
    expect(height()).toBe(96);
    key(divider, "End");
    expect(height()).toBeGreaterThan(before + 48);
    viewer.model.set("cells" as never, [MISSING] as never);
    await until(() => expect(viewer.text(".skp-status")).toContain("No distances"));
    expect(height()).toBeGreaterThan(before + 48);
    divider.dispatchEvent(new MouseEvent("dblclick"));
    expect(height()).toBeLessThanOrEqual(before);
  });

  test("says that there are no distances without a skeleton, and is folded", async () => {
    viewer.model.set("cells" as never, [MISSING] as never);
    await until(() =>
      expect(viewer.text(".skp-status")).toContain("No distances: there is no skeleton."),
    );
    const fold = viewer.find<HTMLButtonElement>(".skp-fold");
    fold.click();
    expect(fold.getAttribute("aria-expanded")).toBe("false");
    expect(viewer.find(".skp-scroll").offsetHeight).toBe(0);
  });
});

test("rows, headings, legend and box stay what they are when only numbers and colours change", async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const table = new PartnerTableView({ mark() {}, go() {}, point() {} }, true);
  const [cell] = await load();
  document.body.append(table.el);
  // The synapses are there before the skeleton.
  table.show([{ ...cell, tree: null, nearest: null }], true);
  await frame();
  const pressed = () => [...table.el.querySelectorAll("tr, th button")];
  const distances = () => [...table.el.querySelectorAll("td:last-child")].map((td) => td.innerHTML);
  expect(new Set(distances())).toEqual(new Set(["–"]));
  const before = pressed();
  before[9]?.scrollIntoView();
  before[9]?.querySelector("button")?.focus();
  const focused = document.activeElement;
  table.show([cell], false);
  await frame();
  expect(distances()).not.toContain("–");
  expect(before.at(-1)?.getAttribute("aria-label")).toContain("µm to soma");
  expect(pressed()).toEqual(before);
  expect(pressed().every((element, place) => element === before[place])).toBe(true);
  expect(table.el.contains(focused)).toBe(true);
  expect(document.activeElement).toBe(focused);
  table.el.remove();

  viewer.model.set("partner" as never, expected.partners[0] as never);
  const buttons = () => [...viewer.el.querySelectorAll(".skv-legend button, .skv-partner button")];
  const shown = buttons();
  expect(shown.length).toBeGreaterThan(3);
  viewer.model.set("color_by" as never, "depth" as never);
  expect(viewer.text(".skv-legend")).toContain("Depth");
  expect(buttons().every((element, place) => element === shown[place])).toBe(true);

  const box = viewer.find<HTMLInputElement>("[data-direction=input]");
  box.focus();
  box.click();
  expect(get("synapses")).toBe("outputs");
  expect(document.activeElement).toBe(box);
});

test("the buttons in the box act on the partner that it shows", () => {
  const cells = expected.partner_rows.one.filter(([, isCell]) => isCell).map(([id]) => id);
  const [first, second] = cells as [string, string];
  for (const id of [first, second]) viewer.model.set("partner" as never, id as never);
  viewer.find(".skv-partner .skv-all button").click();
  expect(get("cells")).toEqual([second]);
});

describe("a fragment", () => {
  const fragment = expected.partner_rows.one.find(([, isCell]) => !isCell)?.[0] as string;
  const cell = expected.partner_rows.one.find(([, isCell]) => isCell)?.[0] as string;

  test("is called one, and only a cell can be shown", () => {
    viewer.model.set("partner" as never, fragment as never);
    expect(viewer.text(".skv-partner")).toContain("A fragment: a piece of an axon or dendrite");
    expect(viewer.text(".skv-partner")).not.toContain("show this cell");
    viewer.model.set("partner" as never, cell as never);
    expect(viewer.text(".skv-partner")).toContain("show this cell");
  });
});

describe("the history", () => {
  const [back, forward] = ["Back", "Forward"].map(
    (name) => `.skv-history [aria-label=${name}]`,
  ) as [string, string];
  const button = (selector: string) => viewer.find<HTMLButtonElement>(selector);

  test("goes back and forward through cells and partners, by button and by key", async () => {
    expect(button(back).disabled).toBe(true);
    viewer.model.set("cells" as never, [MISSING] as never);
    await action();
    expect(button(back).disabled).toBe(false);
    button(back).click();
    expect(get("cells")).toEqual([ID]);
    expect([button(back).disabled, button(forward).disabled]).toEqual([true, false]);
    const event = key(viewer.find(".skp-fold"), "ArrowRight", { altKey: true });
    expect(event.defaultPrevented).toBe(true);
    expect(get("cells")).toEqual([MISSING]);
    key(viewer.stage, "ArrowLeft", { altKey: true });
    expect(get("cells")).toEqual([ID]);
  });

  test("undoes and redoes the last change of a setting or a choice", async () => {
    viewer.model.set("synapses" as never, "inputs" as never);
    await action();
    viewer.model.set("partner" as never, expected.partners[0] as never);
    await action();
    key(viewer.stage, "z", { ctrlKey: true });
    expect([get("partner"), get("synapses")]).toEqual([null, "inputs"]);
    key(viewer.stage, "z", { ctrlKey: true });
    expect(get("synapses")).toBe("both");
    key(viewer.stage, "Z", { ctrlKey: true, shiftKey: true });
    expect(get("synapses")).toBe("inputs");
  });

  test("leaves undoing in a field to the browser", async () => {
    viewer.model.set("synapses" as never, "inputs" as never);
    await action();
    expect(
      key(viewer.find(".skp-bar input[type=number]"), "z", { ctrlKey: true }).defaultPrevented,
    ).toBe(false);
    expect(get("synapses")).toBe("inputs");
  });
});

describe("a pair", () => {
  test("has a box of its own, and no other synapses are drawn until all are asked for", async () => {
    viewer.model.set("cells" as never, [ID, MISSING] as never);
    await until(() => expect(viewer.text(".skv-summary")).toContain("2 cells"));
    expect(viewer.find("[aria-label=Pair]").hidden).toBe(true);
    viewer.model.set("partner" as never, MISSING as never);
    await until(() => expect(viewer.find("[aria-label=Pair]").hidden).toBe(false));
    expect(viewer.text("[aria-label=Pair]")).toMatch(/A → B: no synapses.*B → A: no synapses/);
    expect(viewer.text("[aria-label=Pair]")).toMatch(
      /the other \d+ synapses of the two cells are hidden/,
    );
    expect(viewer.text(".skv-summary")).toContain("Pair: no synapses from");
    viewer.find("[aria-label=Pair] button").click();
    expect(get("partner")).toBeNull();
    expect(viewer.find("[aria-label=Pair]").hidden).toBe(true);
  });
});

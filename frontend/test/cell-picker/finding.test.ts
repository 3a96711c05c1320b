// What helps to find cells: the forgiving search, conditions, chips, and a way out of an empty table.
import { describe, expect, test, vi } from "vitest";
import { idText } from "../../src/cell-picker/data/id-text";
import { searchOf } from "../../src/cell-picker/data/search";
import { cellsCsv } from "../../src/cell-picker/export/cells-csv";
import { searchRemarks } from "../../src/cell-picker/view/search-remarks";
import { expectStatus, type MountedPicker, newModel, show } from "./mounted-picker";
import { ids, numbers, rowsPassing, smallTable, table, text } from "./small-table";

describe("a search", () => {
  const types = ["5P-ET", "BC", "MC", "23P", "astrocyte", "5P-IT"];
  const cells = table(
    text("cell_type_auto", types),
    text("coarse_cell_type_auto", ["E", "I", "I", "E", "NONNEURON", "E"]),
    text("proofreading_strategy", ["axon_fully_extended", "clean", "", "", "", ""]),
    ids(["864691135000000011", "5", "864691135000000012", "13", "14", "864691135000000015"]),
  );
  test.each([
    ["basket", [1]],
    ["martinotti", [2]],
    ["layer 5", [0, 5]],
    ["Layer5", [0, 5]],
    ["l5", [0, 5]],
    ["L5 ET", [0]],
    ["inhibitory", [1, 2]],
    ["excitatory", [0, 3, 5]],
    ["pyramidal", [0, 3, 5]],
    ["layer 2", [3]],
    ["glia", [4]],
    ["axon proofread", [0]],
    ["proofread", [0, 1]],
    ["martinoti", [2]],
    ["martnoti", [2]],
    ["baskt", [1]],
    ["abskt", []],
    ["bct", []],
    ["0000012", [2]],
    ["012", []],
    ["13", [3]],
  ])("for %j finds rows %j", (search, rows) => {
    const mask = searchOf(cells).mask(search);
    expect(rowsPassing(cells, (row) => mask[row] === 1)).toEqual(rows);
  });
});

describe("a search for a layer", () => {
  const cells = table(
    text("cell_type_auto", ["5P-ET", "BC", "BC", "23P", "MC", "astrocyte", "WM-P"]),
    text("region", ["V1", "V1", "RL", "V1", "V1", "V1", "V1"]),
    text("proofreading_strategy", ["", "", "", "", "axon_fully_extended", "", ""]),
    // At a border the deeper layer begins; below the volume is white matter.
    numbers("depth", [520, 365, 504.9, 400, 505, Number.NaN, 950]),
    ids(["11", "12", "13", "14", "15", "16", "17"]),
  );
  test.each([
    ["layer 5", [0, 1, 2]],
    ["layer 2", [3]],
    ["layer 6", [4]],
    ["wm", [6]],
    ["basket layer 5", [1, 2]],
    ["basket, layer 5", [1, 2]],
    ["layer 5,basket", [1, 2]],
    ["L5 v1 basket", [1]],
    ["basket, layer 6", []],
    ["martinotti v1 fully", [4]],
    [", ,", [0, 1, 2, 3, 4, 5, 6]],
  ])("for %j finds rows %j by type, or by depth if the type has none", (search, rows) => {
    const mask = searchOf(cells).mask(search);
    expect(rowsPassing(cells, (row) => mask[row] === 1)).toEqual(rows);
  });

  test.each([
    ["layer 5, bc", ["“Layer 5” matches the cell type or the depth of the soma"]],
    ["wm", ["“White matter” matches the cell type or the depth of the soma"]],
    ["basket v1", []],
    ["chandelier", ["No cell of these data has the type ChC (chandelier)"]],
    ["chand", ["No cell of these data has the type ChC (chandelier)"]],
    ["chc", ["No cell of these data has the type ChC"]],
    ["distal v1", ["No cell of these data has the type DTC or AltDTC (distal)"]],
    ["lateromedial", ["No cell of these data is in the region LM (lateromedial)"]],
    ["pt", []],
    ["zzzz", ["No cell matches “zzzz”"]],
    [
      "bascket layer 5 inputs",
      [
        "No cell matches “inputs”",
        "“Layer 5” matches the cell type or the depth of the soma",
        "No cell matches “bascket”; showing “basket”",
      ],
    ],
    ["lm", ["No cell of these data is in the region LM"]],
  ])("the remarks on %j are %j", (search, remarks) => {
    expect(searchRemarks(cells, search)).toEqual(remarks);
  });
});

test("the remarks promise no soma depth of a table without, and list what is absent", () => {
  const cells = table(text("cell_type_auto", ["astrocyte"]), ids(["11"]));
  const without = "No cell of these data has the type";
  expect(searchRemarks(cells, "layer 5")).toEqual([
    "No cell matches “Layer 5”",
    "“Layer 5” matches the cell type",
  ]);
  expect(searchRemarks(cells, "mc")).toEqual([`${without} MC`]);
  expect(searchRemarks(cells, "basket")).toEqual([`${without} BC, PV or AltBasket (basket)`]);
  expect(searchRemarks(cells, "interneuron")).toEqual([`${without} BC, PV, ChC, … (interneuron)`]);
});

test("the status says how a layer was understood, and which type there is not", async () => {
  const picker = await show();
  picker.type("basket, layer 4");
  await expectStatus(picker, "“Layer 4” matches the cell type or the depth of the soma");
  expect(picker.status).not.toMatch(/^0 of/);
  picker.type("chandelier");
  await expectStatus(picker, "No cell of these data has the type ChC (chandelier)");
});

test("ids of any length are written as text as in Python", () => {
  const values = [0n, 7n, 1_000_000_000n, 864691135101289504n, 9223372036854775807n, 999999999n];
  const column = { ...ids(values.map(String)), values: BigInt64Array.from(values) };
  const cells = table(text("cell_type_auto", values.map(String)), column);
  const words = idText(cells)
    .match(/.{20}/g)
    ?.map((word) => word.trimEnd());
  expect(words).toEqual(values.map(String));
});

test("a typing slip is corrected, and the status says so", async () => {
  const picker = await show();
  picker.type("baskt");
  await expectStatus(picker, "No cell matches “baskt”; showing “basket”");
  expect(picker.status).not.toMatch(/^0 of/);
});

describe("a condition", () => {
  test("filters, and the status says what the chosen cell lacks", async () => {
    const picker = await show();
    const box = picker.find<HTMLInputElement>(".mw-flags input[value=has_skeleton]");
    box.click();
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ has_skeleton: true }));
    expect(Number(picker.status.split(" ")[0])).toBeLessThan(200);
    box.click();
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({}));
    picker.model.set("filters", { has_skeleton: false, "in the matrix": false });
    await vi.waitFor(() => expect(picker.find(".mw-chips").textContent).toContain("not: in the"));
    picker.find(".mw-row").click();
    await expectStatus(picker, "The chosen cell has no skeleton and is not in the matrix");
  });
});

describe("chips", () => {
  const filters = { region: ["V1"], depth: [100, null], search: "bc", has_skeleton: true } as const;

  test("name every filter and the selection; each can be removed", async () => {
    const picker = await show(newModel({ filters, selected: ["864691135000000000"] }));
    const chips = () =>
      [...picker.el.querySelectorAll(".mw-chip > span")].map((chip) => chip.textContent);
    expect(chips()).toEqual([
      "region: V1",
      "depth from 100 µm",
      "search: bc",
      "has a skeleton",
      "1 selected",
    ]);
    const first = picker.find<HTMLButtonElement>(".mw-chip button");
    expect(first.getAttribute("aria-label")).toBe("Remove filter: region: V1");
    first.focus();
    first.click();
    await vi.waitFor(() => expect(chips()).not.toContain("region: V1"));
    // The keyboard stays where it was.
    expect(document.activeElement?.getAttribute("aria-label")).toBe(
      "Remove filter: depth from 100 µm",
    );
    picker.button("Clear all").click();
    await vi.waitFor(() => expect(chips()).toEqual([]));
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({}));
  });
});

describe("a selection", () => {
  const selected = ["864691135000000003", "864691135000000000"];
  const only = (picker: MountedPicker) => picker.el.querySelector<HTMLElement>(".mw-only");

  test("can be listed alone, and undone", async () => {
    const picker = await show(newModel({ selected }));
    only(picker)?.click();
    await expectStatus(picker, "2 of 400 shown, 2 selected");
    expect(only(picker)).toBeNull();
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ pt_root_id: selected }));
    picker.button("Undo").click();
    await expectStatus(picker, "400 of 400 shown, 2 selected");
    expect(only(picker)?.textContent).toBe("List only these");
  });

  test("is all that is listed, whatever else was a filter, and one undo brings that back", async () => {
    const filters = { search: "zzzz", depth: [900, null], pt_root_id: selected } as const;
    const picker = await show(newModel({ selected, filters }));
    await expectStatus(picker, "0 of 400 shown, 2 selected");
    only(picker)?.click();
    await expectStatus(picker, "2 of 400 shown, 2 selected");
    expect(only(picker)).toBeNull();
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ pt_root_id: selected }));
    picker.button("Undo").click();
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual(filters));
  });

  test("can be listed again after another cell was added", async () => {
    const picker = await show(newModel({ selected, filters: { pt_root_id: selected } }));
    expect(only(picker)).toBeNull();
    picker.model.set("selected", [...selected, "864691135000000001"]);
    await vi.waitFor(() => expect(only(picker)).not.toBeNull());
    only(picker)?.click();
    await expectStatus(picker, "3 of 400 shown, 3 selected");
  });

  test("is cleared by the Delete key on either button of its chip", async () => {
    const picker = await show(newModel({ selected }));
    const key = new KeyboardEvent("keydown", { key: "Delete", bubbles: true });
    only(picker)?.dispatchEvent(key);
    await expectStatus(picker, "400 of 400 shown, 0 selected");
  });
});

describe("a table beside filters and map", () => {
  test("cuts root ids at their start, since the end tells them apart", async () => {
    const picker = await show(newModel(), 830);
    const cell = picker.find(".mw-row .mw-ids");
    expect(cell.scrollWidth).toBeGreaterThan(cell.clientWidth);
    const end = document.createRange();
    const digits = cell.firstChild as Text;
    end.setStart(digits, digits.length - 6);
    end.setEnd(digits, digits.length);
    const [place, around] = [end.getBoundingClientRect(), cell.getBoundingClientRect()];
    expect(place.width).toBeGreaterThan(20);
    expect(place.left).toBeGreaterThanOrEqual(around.left);
    expect(place.right).toBeLessThanOrEqual(around.right);
    expect(cell.title).toMatch(/^\d{18}$/);
  });

  test("shows the whole proofreading, in short", async () => {
    // One type of this table has a long name.
    const picker = await show(newModel(), 900);
    const cell = picker.find('.mw-row [aria-colindex="4"]');
    expect([cell.textContent, cell.title]).toEqual(["✓ fully", "axon_fully_extended"]);
    const text = document.createRange();
    text.selectNodeContents(cell);
    const { right } = picker.find(".mw-grid").getBoundingClientRect();
    expect(text.getBoundingClientRect().right).toBeLessThanOrEqual(right);
    const row = picker.find(".mw-row").getAttribute("aria-label");
    expect(row).toContain("axon_fully_extended");
  });

  test("writes a nucleus without a segment from left to right", async () => {
    const picker = await show(newModel({ filters: { pt_root_id: ["0"] } }), 830);
    expect(getComputedStyle(picker.find(".mw-row .mw-ids")).direction).toBe("ltr");
  });
});

test("with many chips in a narrow space, all can be cleared", async () => {
  const filters = { region: ["V1"], depth: [1, null], search: "bc", has_skeleton: true } as const;
  const selected = ["864691135000000000"];
  const picker = await show(newModel({ filters, selected }), 230);
  const chips = picker.find(".mw-chips").getBoundingClientRect();
  const clear = picker.button("Clear all").getBoundingClientRect();
  const list = picker.find(".mw-table").getBoundingClientRect();
  expect(clear.height).toBeGreaterThanOrEqual(24);
  expect(clear.bottom).toBeLessThanOrEqual(Math.min(chips.bottom, list.top));
  expect(clear.right).toBeLessThanOrEqual(picker.find(".mw-picker").getBoundingClientRect().right);
  expect(picker.el.scrollWidth).toBeLessThanOrEqual(230);
});

describe("an empty table", () => {
  test("names the filter whose removal brings most back, and removes it", async () => {
    const picker = await show(newModel({ filters: { depth: [900, null], region: ["RL"] } }));
    const empty = picker.find(".mw-empty");
    expect(empty.textContent).toMatch(
      /^No cell matches. Removing “depth from 900 µm” would show \d+ cells\./,
    );
    empty.querySelector("button")?.click();
    await vi.waitFor(() => expect(empty.hidden).toBe(true));
    expect(picker.status).not.toMatch(/^0 of/);
  });

  test("removes all filters if each of them alone excludes all cells", async () => {
    const picker = await show(newModel({ filters: { depth: [900, null], search: "zzzz" } }));
    picker.find(".mw-empty button").click();
    await expectStatus(picker, "400 of 400 shown");
  });
});

test("Ctrl+Z works everywhere but in a text field, and Ctrl+Shift+Z brings back", async () => {
  const picker = await show();
  picker.box("region", "RL").click();
  await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ region: ["RL"] }));
  const press = (selector: string, options: KeyboardEventInit) =>
    picker
      .find(selector)
      .dispatchEvent(
        new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true, ...options }),
      );
  press("input[type=search]", {});
  await expectStatus(picker, String(picker.status));
  expect(picker.box("region", "RL").checked).toBe(true);
  press(".mw-map-buttons button", {});
  await expectStatus(picker, "400 of 400 shown");
  press(".mw-grid", { key: "Z", shiftKey: true });
  await vi.waitFor(() => expect(picker.box("region", "RL").checked).toBe(true));
});

test("proofread cells come first", async () => {
  const picker = await show();
  expect(picker.find('.mw-row[aria-rowindex="2"]').textContent).toContain("fully");
  expect(picker.find(".mw-facet").dataset.filter).toBe("proofreading_strategy");
});

test("CSV has all columns, and cells that a spreadsheet would run are made safe", () => {
  const cells = table(
    text("cell_type_auto", ["=1+1", "B,C"]),
    numbers("depth", [0.1, Number.NaN]),
    ids(["864691135000000001", "0"]),
  );
  expect(cellsCsv(cells, [1, 0]).join("")).toBe(
    'cell_type_auto,depth,pt_root_id\n"B,C",,0\n\'=1+1,0.1,864691135000000001\n',
  );
  expect(cellsCsv(smallTable(), [])).toHaveLength(1);
});

describe("the pointer", () => {
  test("on a row tells linked widgets, and their cell is lit here", async () => {
    const model = newModel();
    model.set("link_group" as "value", "group");
    const picker = await show(model);
    const heard = vi.fn();
    document.addEventListener("microns-hover", heard);
    const row = picker.find(".mw-row");
    row.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    document.removeEventListener("microns-hover", heard);
    const id = row.querySelector(".mw-ids")?.textContent;
    expect(heard.mock.calls[0]?.[0].detail.ids).toEqual([id]);
    const detail = { group: "group", sender: {}, ids: [id] };
    document.dispatchEvent(new CustomEvent("microns-hover", { detail }));
    expect(row.dataset.lit).toBe("");
    document.dispatchEvent(new CustomEvent("microns-hover", { detail: { ...detail, ids: [] } }));
    expect(row.dataset.lit).toBeUndefined();
  });
});

describe("in a narrow space", () => {
  test("rows have two lines, and filters and map take the list's place", async () => {
    const picker = await show(newModel(), 230);
    await vi.waitFor(() => expect(picker.find(".mw-row").offsetHeight).toBe(44));
    const shown = (selector: string) => picker.find(selector).offsetHeight > 0;
    expect([shown(".mw-grid"), shown(".mw-map"), shown(".mw-facets")]).toEqual([
      true,
      false,
      false,
    ]);
    picker.button("Map").click();
    expect([shown(".mw-grid"), shown(".mw-map"), shown(".mw-facets")]).toEqual([
      false,
      true,
      false,
    ]);
    picker.button("Filters").click();
    picker.box("region", "RL").click();
    expect(shown(".mw-ranges")).toBe(true);
    await vi.waitFor(() => expect(picker.button("Filters").textContent).toBe("Filters (1)"));
    picker.button("Filters").click();
    expect(shown(".mw-grid")).toBe(true);
    expect(picker.find("[role=grid]").getAttribute("aria-colcount")).toBe("5");
    expect(picker.el.scrollWidth).toBeLessThanOrEqual(230);
  });

  test("and a given height, nothing makes the page scroll", async () => {
    const model = newModel({ filters: { region: ["V1"], search: "bc" } });
    const picker = await show(model, 230);
    picker.el.style.setProperty("--mw-part-height", "564px");
    await vi.waitFor(() => expect(picker.find(".mw-row").offsetHeight).toBe(44));
    expect(picker.find(".mw-picker").offsetHeight).toBe(564);
    expect(picker.el.scrollHeight).toBe(564);
    expect(picker.find(".mw-table").getBoundingClientRect().height).toBeGreaterThan(300);
  });
});

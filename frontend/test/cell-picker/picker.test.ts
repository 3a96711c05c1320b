// The whole widget in the page, with the table that tests/picker_cases.py writes.
import { describe, expect, test, vi } from "vitest";
import widget from "../../src/cell-picker/index";
import type { State } from "../../src/cell-picker/store";
import { narrowRows } from "../../src/cell-picker/view/row-view";
import type { Column } from "../../src/shared/columns";
import { renderStatic, StaticModel } from "../../src/shared/static-model";
import {
  EMPTY,
  expectStatus,
  MountedPicker,
  newModel,
  packed,
  show,
  unmounts,
} from "./mounted-picker";
import { numbers, table, text } from "./small-table";

const HOSTILE = "<img src=x onerror=alert(1)>";
const FIRST = "864691135000000000";

test("all cells are shown at first", async () => {
  const picker = await show();
  expect(picker.status).toBe("400 of 400 shown, 0 selected");
  expect(picker.find("[role=grid]").getAttribute("aria-rowcount")).toBe("401");
  expect(picker.el.querySelectorAll(".mw-row").length).toBeLessThan(60);
});

test("a row is a sentence with units; a choice and an order are announced", async () => {
  const picker = await show();
  const said = () => picker.find(".mw-aloud[aria-live]").textContent;
  const row = () => picker.find(".mw-row[data-active]");
  expect(row().getAttribute("aria-label")).toMatch(
    /^[^,]+, .*depth \d+ µm, nucleus [\d,]+ µm³, .*root id \d{18}, row 1 of 400$/,
  );
  picker.button("depth").focus();
  picker.button("depth").click();
  await vi.waitFor(() => expect(said()).toBe("Sorted by depth (µm), ascending"));
  picker.find("[role=grid]").focus();
  picker.key("Enter");
  await vi.waitFor(() => expect(said()).toMatch(/^Chosen: .+ cell \d{18}$/));
  expect(row().getAttribute("aria-current")).toBe("true");
});

test("what was announced is gone once another choice was made elsewhere", async () => {
  const picker = await show();
  const said = () => picker.find(".mw-aloud[aria-live]").textContent;
  picker.find("[role=grid]").focus();
  picker.key("Enter");
  await vi.waitFor(() => expect(said()).toMatch(/^Chosen: /));
  (document.activeElement as HTMLElement).blur();
  picker.model.set("value", null);
  await vi.waitFor(() => expect(said()).toBe(""));
});

test("a row of two lines says that its depth is one, with and without a region", () => {
  const spoken = (...columns: Column[]) =>
    narrowRows(table(...columns))
      .columns.find(({ name }) => name === "region")
      ?.spoken(0);
  const type = text("cell_type_auto", ["BC"]);
  const depth = numbers("depth", [120]);
  expect(spoken(type, depth)).toBe("depth 120 µm");
  expect(spoken(type, text("region", ["V1"]), depth)).toBe("V1, depth 120 µm");
  expect(spoken(type, text("region", ["V1"]))).toBe("V1");
});

test("a cell type that looks like HTML is shown as text", async () => {
  const picker = await show(newModel({ filters: { cell_type_auto: [HOSTILE] } }));
  const cells = [...picker.el.querySelectorAll("[role=gridcell]")];
  expect(cells.filter((cell) => cell.textContent === HOSTILE).length).toBeGreaterThan(5);
  expect(picker.box("cell_type_auto", HOSTILE).labels?.[0]?.textContent).toContain(HOSTILE);
  expect(picker.el.querySelector("img")).toBeNull();
});

describe("filters", () => {
  test("by the checkboxes of a facet reach Python, and update the counts of other facets", async () => {
    const picker = await show();
    picker.box("cell_type_auto", "BC").click();
    await expectStatus(picker, "108 of 400 shown");
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ cell_type_auto: ["BC"] }));
    const counts = ["V1", "RL"].map((label) =>
      Number(picker.box("region", label).labels?.[0]?.querySelector(".mw-count")?.textContent),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(108);
    picker.box("cell_type_auto", "BC").click();
    await expectStatus(picker, "400 of 400 shown");
  });

  test("by search shrink the table during typing", async () => {
    const picker = await show();
    picker.type("bc v1");
    await expectStatus(picker, "95 of 400 shown");
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ search: "bc v1" }));
  });

  test("by range are written into its fields", async () => {
    const picker = await show();
    const [low, high] = picker.find('[data-filter="depth"]').querySelectorAll("input");
    if (!low || !high) throw new Error("There are no fields.");
    [low.value, high.value] = ["100", "20"];
    high.dispatchEvent(new Event("change", { bubbles: true }));
    // The ends were entered in the wrong order.
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ depth: [20, 100] }));
    await vi.waitFor(() => expect([low.value, high.value]).toEqual(["20", "100"]));
  });

  test("by pasted root ids report ids that are not in the table", async () => {
    const picker = await show();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", `[${FIRST},\n864691135000000001; 864691135999999999]`);
    picker
      .find("input[type=search]")
      .dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
    await expectStatus(picker, "2 of 400 shown");
    expect(picker.find(".mw-chip").textContent).toContain(
      "3 root ids, 1 of them not in this table",
    );
    picker.find(".mw-chip button").click();
    await expectStatus(picker, "400 of 400 shown");
  });

  test("that Python sets are shown", async () => {
    const picker = await show();
    picker.model.set("filters", { region: ["RL"], search: "bc" });
    await vi.waitFor(() => expect(picker.box("region", "RL").checked).toBe(true));
    expect(picker.find<HTMLInputElement>("input[type=search]").value).toBe("bc");
  });

  test("never drop a selection", async () => {
    const picker = await show(newModel({ selected: [FIRST] }));
    picker.type("no such cell");
    await expectStatus(picker, "0 of 400 shown, 1 selected");
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ search: "no such cell" }));
    expect(picker.model.get("selected")).toEqual([FIRST]);
  });
});

describe("by the keyboard", () => {
  test("arrows, page, home and end move through all rows", async () => {
    const picker = await show();
    const row = () => Number(picker.active.getAttribute("aria-rowindex"));
    picker.key("ArrowDown");
    picker.key("ArrowDown");
    picker.key("ArrowUp");
    expect(row()).toBe(3);
    picker.key("End");
    expect(row()).toBe(401);
    const { bottom } = picker.active.getBoundingClientRect();
    expect(bottom).toBeLessThanOrEqual(
      picker.find("[role=grid]").getBoundingClientRect().bottom + 1,
    );
    picker.key("PageUp");
    expect(row()).toBeLessThan(395);
    picker.key("Home");
    expect(row()).toBe(2);
  });

  test("enter chooses, space selects, shift extends", async () => {
    const picker = await show();
    picker.key("Enter");
    picker.key("ArrowDown");
    picker.key(" ");
    picker.key("ArrowDown", { shiftKey: true });
    await vi.waitFor(() => expect(picker.model.get("value")).toBe(FIRST));
    const next = ["864691135000000001", "864691135000000002"];
    await vi.waitFor(() => expect(picker.model.get("selected")).toEqual(next));
    expect(picker.active.getAttribute("aria-selected")).toBe("true");
  });

  test("Ctrl+A selects what is shown, without the nucleus that has no segment", async () => {
    const picker = await show();
    picker.key("a", { ctrlKey: true });
    await expectStatus(picker, "399 selected");
    picker.key("z", { ctrlKey: true });
    await expectStatus(picker, "0 selected");
  });
});

describe("by the mouse", () => {
  test("a click chooses, a click on the box or with Ctrl selects", async () => {
    const picker = await show();
    const rows = picker.el.querySelectorAll<HTMLElement>(".mw-row");
    rows[1]?.click();
    rows[2]?.querySelector<HTMLElement>(".mw-box")?.click();
    rows[3]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
    rows[3]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
    await vi.waitFor(() => expect(picker.model.get("value")).toBe("864691135000000001"));
    await vi.waitFor(() => expect(picker.model.get("selected")).toEqual(["864691135000000002"]));
  });

  test("a nucleus without a segment cannot be chosen", async () => {
    const picker = await show(newModel({ filters: { pt_root_id: ["0"] } }));
    const row = picker.find(".mw-row");
    expect(row?.textContent).toContain("0 (no segment)");
    row?.click();
    row?.querySelector<HTMLElement>(".mw-box")?.click();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(picker.model.get("value")).toBeNull();
    expect(picker.model.get("selected")).toEqual([]);
  });

  test("a heading sorts up, then down, then not at all", async () => {
    const picker = await show();
    const first = () => picker.find('.mw-row[aria-rowindex="2"]').textContent ?? "";
    const header = () => picker.button("depth").parentElement?.getAttribute("aria-sort");
    picker.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("ascending"));
    expect(first()).toContain(FIRST); // 0.1 um, the least
    picker.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("descending"));
    expect(first()).not.toContain(FIRST);
    picker.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("none"));
    expect(first()).toContain(FIRST);
  });

  test("columns can be shown and hidden", async () => {
    const picker = await show();
    expect(picker.el.querySelectorAll("[role=columnheader]")).toHaveLength(8);
    const boxes = [...picker.find(".mw-menu").querySelectorAll("input")];
    boxes.find((box) => box.value === "lab")?.click();
    expect(picker.button("lab").textContent).toBe("lab");
    expect(picker.find(".mw-row").children).toHaveLength(9);
  });

  test("the map shows the layers' borders and names", async () => {
    const pixels = async (layers: State["layers"]) => {
      const picker = await show(newModel({ layers }));
      const label = () => picker.find("canvas").getAttribute("aria-label");
      await vi.waitFor(() => expect(label()).toContain("400 cells"));
      return picker.find<HTMLCanvasElement>(".mw-marks").toDataURL();
    };
    const bare = await pixels([]);
    expect(await pixels([])).toBe(bare);
    expect(await pixels([["4", 245, 365]])).not.toBe(bare);
  });

  test("a finger on the map scrolls the page until a tool is chosen", async () => {
    const picker = await show();
    const canvas = picker.find("canvas");
    expect(getComputedStyle(canvas).touchAction).toBe("pan-y");
    picker.button("Select").click();
    picker.button("Move").click();
    expect(getComputedStyle(canvas).touchAction).toBe("none");
  });

  test("a lasso on the map selects, or filters; a click chooses the cell nearby", async () => {
    const picker = await show();
    const canvas = picker.find<HTMLCanvasElement>("canvas");
    await vi.waitFor(() => expect(canvas.getAttribute("aria-label")).toContain("400 cells"));
    // Pointers created by a test cannot be captured.
    canvas.setPointerCapture = () => {};
    canvas.hasPointerCapture = () => true;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const point = (type: string, x: number, y: number) =>
      canvas.dispatchEvent(
        new PointerEvent(type, { clientX: left + x * width, clientY: top + y * height }),
      );
    const around = () => {
      point("pointerdown", 0.4, 0.3);
      point("pointermove", 0.7, 0.3);
      point("pointermove", 0.7, 0.7);
      point("pointermove", 0.4, 0.7);
      point("pointerup", 0.4, 0.7);
    };
    around();
    await vi.waitFor(() => expect(picker.model.get("selected").length).toBeGreaterThan(5));
    expect(picker.model.get("filters")).toEqual({});
    picker.key("Escape");
    await vi.waitFor(() => expect(picker.model.get("selected")).toEqual([]));
    picker.button("Filter area").click();
    around();
    await vi.waitFor(() => expect(picker.model.get("filters").area).toHaveLength(4));
    const [count = 0] = picker.status.split(" ").map(Number);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(200);
    // There is a cell somewhere on a line across the area.
    for (let x = 0.4; x < 0.7; x += 0.02) {
      point("pointerdown", x, 0.5);
      point("pointerup", x, 0.5);
    }
    await vi.waitFor(() => expect(picker.model.get("value")).not.toBeNull());
    expect(picker.model.get("filters").area).toHaveLength(4);
  });
});

describe("the history", () => {
  test("undo reverts the last change; consecutive letters are one change", async () => {
    const picker = await show();
    picker.box("region", "RL").click();
    picker.type("b");
    picker.type("bc");
    await expectStatus(picker, " of 400 shown");
    picker.button("Undo").click();
    picker.button("Undo").click();
    await expectStatus(picker, "400 of 400 shown");
    await vi.waitFor(() => expect(picker.button("Undo").disabled).toBe(true));
  });

  test("clear removes filters, selection and choice, and can be undone", async () => {
    const picker = await show(
      newModel({ value: FIRST, selected: [FIRST], filters: { region: ["RL"] } }),
    );
    picker.button("Clear").click();
    await expectStatus(picker, "400 of 400 shown, 0 selected");
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({}));
    picker.button("Undo").click();
    await vi.waitFor(() => expect(picker.model.get("value")).toBe(FIRST));
    expect(picker.model.get("selected")).toEqual([FIRST]);
  });

  test("what Python sets while something is typed is not lost", async () => {
    const picker = await show();
    picker.type("bc");
    picker.model.set("value", FIRST);
    await vi.waitFor(() => expect(picker.model.get("filters")).toEqual({ search: "bc" }));
    expect(picker.model.get("value")).toBe(FIRST);
  });

  test("two views of one model show the same", async () => {
    const model = newModel();
    const [one, other] = [await show(model), await show(model)];
    one.box("region", "RL").click();
    await vi.waitFor(() => expect(other.box("region", "RL").checked).toBe(true));
    expect(other.status).toBe(one.status);
  });
});

describe("the widget in its page", () => {
  test("removes everything when it leaves", async () => {
    const model = newModel();
    const registered = vi.spyOn(model, "on");
    const removed = vi.spyOn(model, "off");
    const picker = await show(model);
    picker.type("bc");
    unmounts.pop()?.();
    const names = (calls: unknown[][]) => calls.flatMap(([name]) => String(name).split(" ")).sort();
    expect(names(removed.mock.calls)).toEqual(names(registered.mock.calls));
    expect(model.get("filters")).toEqual({ search: "bc" });
    expect(picker.el.innerHTML).toBe("");
  });

  test("reports cells that are not saved with the page", async () => {
    const model = new StaticModel({ ...EMPTY });
    const picker = new MountedPicker(model);
    unmounts.push(await renderStatic(widget, model, picker.el));
    await vi.waitFor(() => expect(picker.find("[role=alert]").textContent).toContain("save_data"));
  });

  test("can be loaded again if Python did not answer", async () => {
    let asked = 0;
    const model = newModel(
      {},
      {
        cells: async () => {
          asked += 1;
          if (asked === 1) throw new Error("The kernel is busy.");
          return { content: null, buffers: [await packed()] };
        },
      },
    );
    const picker = new MountedPicker(model);
    unmounts.push(await renderStatic(widget, model, picker.el));
    await vi.waitFor(() => expect(picker.find("[role=alert]").textContent).toContain("is busy"));
    picker.button("Try again").click();
    await vi.waitFor(() => expect(picker.status).toContain("400 of 400 shown"));
  });

  test("uses cells that are saved with the page", async () => {
    const picker = await show(newModel({ data: await packed() }, { cells: () => null }));
    expect(picker.status).toContain("400 of 400 shown");
  });

  test("at 320 pixels folds the filters away, and nothing overflows", async () => {
    const picker = await show(newModel(), 320);
    const facets = picker.find(".mw-facets");
    expect(getComputedStyle(facets).display).toBe("none");
    picker.button("Filters").click();
    expect(getComputedStyle(facets).display).toBe("block");
    expect(picker.el.scrollWidth).toBeLessThanOrEqual(320);
  });

  test("can be dark", async () => {
    document.body.dataset.jpThemeLight = "false";
    const picker = await show();
    await vi.waitFor(() => expect(picker.find(".mw-picker").dataset.theme).toBe("dark"));
    delete document.body.dataset.jpThemeLight;
    await vi.waitFor(() => expect(picker.find(".mw-picker").dataset.theme).toBe("light"));
  });
});

test("what is not shown is named, and a long name does not widen the page", async () => {
  const name = "x".repeat(10_000);
  const line = `Column '${name}' is not shown: it contains list.`;
  const { el: root } = await show(newModel({ left_out: [line, "<b>two</b>"] }));
  const lines = [...root.querySelectorAll<HTMLElement>(".mw-left-out")];
  expect(lines.map(({ textContent }) => textContent)).toEqual([line, "<b>two</b>"]);
  expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth);
});

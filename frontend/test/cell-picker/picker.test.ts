// The whole widget in the page, with the table that tests/picker_cases.py has made.
import { describe, expect, test, vi } from "vitest";
import widget from "../../src/cell-picker/index";
import type { State } from "../../src/cell-picker/store";
import { renderStatic, StaticModel } from "../../src/shared/static-model";
import { newModel, packed, Shown, said, show, unmounts } from "./mounted-picker";

const HOSTILE = "<img src=x onerror=alert(1)>";
const FIRST = "864691135000000000";

test("all cells are shown at first", async () => {
  const shown = await show();
  expect(shown.status).toBe("400 of 400 shown, 0 selected");
  expect(shown.find("[role=grid]").getAttribute("aria-rowcount")).toBe("401");
  expect(shown.el.querySelectorAll(".mw-row").length).toBeLessThan(60);
});

test("a cell type that looks like HTML is shown as text", async () => {
  const shown = await show(newModel({ filters: { cell_type_auto: [HOSTILE] } }));
  const cells = [...shown.el.querySelectorAll("[role=gridcell]")];
  expect(cells.filter((cell) => cell.textContent === HOSTILE).length).toBeGreaterThan(5);
  expect(shown.box("cell_type_auto", HOSTILE).labels?.[0]?.textContent).toContain(HOSTILE);
  expect(shown.el.querySelector("img")).toBeNull();
});

describe("filters", () => {
  test("by the boxes of a facet reach Python, and other facets count anew", async () => {
    const shown = await show();
    shown.box("cell_type_auto", "BC").click();
    await said(shown, "108 of 400 shown");
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({ cell_type_auto: ["BC"] }));
    const counts = ["V1", "RL"].map((label) =>
      Number(shown.box("region", label).labels?.[0]?.querySelector(".mw-count")?.textContent),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(108);
    shown.box("cell_type_auto", "BC").click();
    await said(shown, "400 of 400 shown");
  });

  test("by search shrink the table while one types", async () => {
    const shown = await show();
    shown.type("bc v1");
    await said(shown, "95 of 400 shown");
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({ search: "bc v1" }));
  });

  test("by a range are written into its fields", async () => {
    const shown = await show();
    const [low, high] = shown.find('[data-filter="depth"]').querySelectorAll("input");
    if (!low || !high) throw new Error("There are no fields.");
    [low.value, high.value] = ["100", "20"];
    high.dispatchEvent(new Event("change", { bubbles: true }));
    // The ends were given the wrong way round.
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({ depth: [20, 100] }));
    await vi.waitFor(() => expect([low.value, high.value]).toEqual(["20", "100"]));
  });

  test("by pasted root ids say which are not there", async () => {
    const shown = await show();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", `[${FIRST},\n864691135000000001; 864691135999999999]`);
    shown
      .find("input[type=search]")
      .dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
    await said(shown, "2 of 400 shown");
    expect(shown.find(".mw-chip").textContent).toContain("3 root ids, 1 of them not in this table");
    shown.find(".mw-chip button").click();
    await said(shown, "400 of 400 shown");
  });

  test("that Python sets are shown", async () => {
    const shown = await show();
    shown.model.set("filters", { region: ["RL"], search: "bc" });
    await vi.waitFor(() => expect(shown.box("region", "RL").checked).toBe(true));
    expect(shown.find<HTMLInputElement>("input[type=search]").value).toBe("bc");
  });

  test("never drop a selection", async () => {
    const shown = await show(newModel({ selected: [FIRST] }));
    shown.type("no such cell");
    await said(shown, "0 of 400 shown, 1 selected");
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({ search: "no such cell" }));
    expect(shown.model.get("selected")).toEqual([FIRST]);
  });
});

describe("by the keyboard", () => {
  test("arrows, page, home and end move through all rows", async () => {
    const shown = await show();
    const row = () => Number(shown.active.getAttribute("aria-rowindex"));
    shown.key("ArrowDown");
    shown.key("ArrowDown");
    shown.key("ArrowUp");
    expect(row()).toBe(3);
    shown.key("End");
    expect(row()).toBe(401);
    const { bottom } = shown.active.getBoundingClientRect();
    expect(bottom).toBeLessThanOrEqual(
      shown.find("[role=grid]").getBoundingClientRect().bottom + 1,
    );
    shown.key("PageUp");
    expect(row()).toBeLessThan(395);
    shown.key("Home");
    expect(row()).toBe(2);
  });

  test("enter chooses, space selects, shift extends", async () => {
    const shown = await show();
    shown.key("Enter");
    shown.key("ArrowDown");
    shown.key(" ");
    shown.key("ArrowDown", { shiftKey: true });
    await vi.waitFor(() => expect(shown.model.get("value")).toBe(FIRST));
    const next = ["864691135000000001", "864691135000000002"];
    await vi.waitFor(() => expect(shown.model.get("selected")).toEqual(next));
    expect(shown.active.getAttribute("aria-selected")).toBe("true");
  });

  test("Ctrl+A selects what is shown, without the nucleus that has no segment", async () => {
    const shown = await show();
    shown.key("a", { ctrlKey: true });
    await said(shown, "399 selected");
    shown.key("z", { ctrlKey: true });
    await said(shown, "0 selected");
  });

  test("no key reaches the notebook around it but shortcuts that are the notebook's", async () => {
    const shown = await show();
    const heard: string[] = [];
    document.body.addEventListener("keydown", (event) => heard.push(event.key), { once: true });
    shown.key("ArrowDown");
    shown.key("d");
    shown.key("c", { ctrlKey: true });
    shown.key("s", { ctrlKey: true });
    expect(heard).toEqual(["s"]);
    expect(shown.find(".mw-picker").dataset.lmSuppressShortcuts).toBe("true");
  });
});

describe("by the mouse", () => {
  test("a click chooses, a click on the box or with Ctrl selects", async () => {
    const shown = await show();
    const rows = shown.el.querySelectorAll<HTMLElement>(".mw-row");
    rows[1]?.click();
    rows[2]?.querySelector<HTMLElement>(".mw-box")?.click();
    rows[3]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
    rows[3]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
    await vi.waitFor(() => expect(shown.model.get("value")).toBe("864691135000000001"));
    await vi.waitFor(() => expect(shown.model.get("selected")).toEqual(["864691135000000002"]));
  });

  test("a nucleus without a segment can not be chosen", async () => {
    const shown = await show();
    const row = shown.el.querySelectorAll<HTMLElement>(".mw-row")[7];
    expect(row?.textContent).toContain("0 (no segment)");
    row?.click();
    row?.querySelector<HTMLElement>(".mw-box")?.click();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(shown.model.get("value")).toBeNull();
    expect(shown.model.get("selected")).toEqual([]);
  });

  test("a heading sorts up, down and not at all", async () => {
    const shown = await show();
    const first = () => shown.find('.mw-row[aria-rowindex="2"]').textContent ?? "";
    const header = () => shown.button("depth").parentElement?.getAttribute("aria-sort");
    shown.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("ascending"));
    expect(first()).toContain(FIRST); // 0.1 um, the least
    shown.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("descending"));
    expect(first()).not.toContain(FIRST);
    shown.button("depth").click();
    await vi.waitFor(() => expect(header()).toBe("none"));
    expect(first()).toContain(FIRST);
  });

  test("columns come and go", async () => {
    const shown = await show();
    expect(shown.el.querySelectorAll("[role=columnheader]")).toHaveLength(8);
    const boxes = [...shown.find(".mw-menu").querySelectorAll("input")];
    boxes.find((box) => box.value === "lab")?.click();
    expect(shown.button("lab").textContent).toBe("lab");
    expect(shown.find(".mw-row").children).toHaveLength(9);
  });

  test("the map shows the layers' borders and names", async () => {
    const pixels = async (layers: State["layers"]) => {
      const canvas = (await show(newModel({ layers }))).find<HTMLCanvasElement>("canvas");
      await vi.waitFor(() => expect(canvas.getAttribute("aria-label")).toContain("400 cells"));
      return canvas.toDataURL();
    };
    const bare = await pixels([]);
    expect(await pixels([])).toBe(bare);
    expect(await pixels([["4", 245, 365]])).not.toBe(bare);
  });

  test("a finger scrolls the page from the map until a mode is asked for", async () => {
    const shown = await show();
    const canvas = shown.find("canvas");
    expect(getComputedStyle(canvas).touchAction).toBe("pan-y");
    shown.button("lasso").click();
    expect(getComputedStyle(canvas).touchAction).toBe("none");
  });

  test("a lasso on the map filters, a click there chooses the cell nearby", async () => {
    const shown = await show();
    const canvas = shown.find<HTMLCanvasElement>("canvas");
    await vi.waitFor(() => expect(canvas.getAttribute("aria-label")).toContain("400 cells"));
    // Pointers that a test makes cannot be captured.
    canvas.setPointerCapture = () => {};
    canvas.hasPointerCapture = () => true;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const point = (type: string, x: number, y: number) =>
      canvas.dispatchEvent(
        new PointerEvent(type, { clientX: left + x * width, clientY: top + y * height }),
      );
    point("pointerdown", 0.4, 0.3);
    point("pointermove", 0.7, 0.3);
    point("pointermove", 0.7, 0.7);
    point("pointermove", 0.4, 0.7);
    point("pointerup", 0.4, 0.7);
    await vi.waitFor(() => expect(shown.model.get("filters").area).toHaveLength(4));
    const [count = 0] = shown.status.split(" ").map(Number);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(200);
    // Somewhere on a line across the area there is one.
    for (let x = 0.4; x < 0.7; x += 0.02) {
      point("pointerdown", x, 0.5);
      point("pointerup", x, 0.5);
    }
    await vi.waitFor(() => expect(shown.model.get("value")).not.toBeNull());
    expect(shown.model.get("filters").area).toHaveLength(4);
  });
});

describe("back and forth", () => {
  test("undo takes the last change back, letters in a row as one", async () => {
    const shown = await show();
    shown.box("region", "RL").click();
    shown.type("b");
    shown.type("bc");
    await said(shown, " of 400 shown");
    shown.button("Undo").click();
    shown.button("Undo").click();
    await said(shown, "400 of 400 shown");
    await vi.waitFor(() => expect(shown.button("Undo").disabled).toBe(true));
  });

  test("clear drops filters, selection and choice, and can be undone", async () => {
    const shown = await show(
      newModel({ value: FIRST, selected: [FIRST], filters: { region: ["RL"] } }),
    );
    shown.button("Clear").click();
    await said(shown, "400 of 400 shown, 0 selected");
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({}));
    shown.button("Undo").click();
    await vi.waitFor(() => expect(shown.model.get("value")).toBe(FIRST));
    expect(shown.model.get("selected")).toEqual([FIRST]);
  });

  test("what Python sets while something is typed is not lost", async () => {
    const shown = await show();
    shown.type("bc");
    shown.model.set("value", FIRST);
    await vi.waitFor(() => expect(shown.model.get("filters")).toEqual({ search: "bc" }));
    expect(shown.model.get("value")).toBe(FIRST);
  });

  test("two views of a model show the same", async () => {
    const model = newModel();
    const [one, other] = [await show(model), await show(model)];
    one.box("region", "RL").click();
    await vi.waitFor(() => expect(other.box("region", "RL").checked).toBe(true));
    expect(other.status).toBe(one.status);
  });
});

describe("the page around", () => {
  test("gets everything back when the widget leaves", async () => {
    const model = newModel();
    const heard = vi.spyOn(model, "on");
    const forgotten = vi.spyOn(model, "off");
    const shown = await show(model);
    shown.type("bc");
    unmounts.pop()?.();
    const names = (calls: unknown[][]) => calls.flatMap(([name]) => String(name).split(" ")).sort();
    expect(names(forgotten.mock.calls)).toEqual(names(heard.mock.calls));
    expect(model.get("filters")).toEqual({ search: "bc" });
    expect(shown.el.innerHTML).toBe("");
  });

  test("hears when the cells are not saved with it", async () => {
    const model = new StaticModel<State>({
      value: null,
      selected: [],
      filters: {},
      layers: [],
      data: null,
    });
    const shown = new Shown(model);
    unmounts.push(await renderStatic(widget, model, shown.el));
    await vi.waitFor(() => expect(shown.find("[role=alert]").textContent).toContain("save_data"));
  });

  test("may ask again when Python did not answer", async () => {
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
    const shown = new Shown(model);
    unmounts.push(await renderStatic(widget, model, shown.el));
    await vi.waitFor(() => expect(shown.find("[role=alert]").textContent).toContain("is busy"));
    shown.button("Try again").click();
    await vi.waitFor(() => expect(shown.status).toContain("400 of 400 shown"));
  });

  test("has the cells saved with it where the author asked for it", async () => {
    const shown = await show(newModel({ data: await packed() }, { cells: () => null }));
    expect(shown.status).toContain("400 of 400 shown");
  });

  test("of 320 pixels folds the filters away and nothing sticks out", async () => {
    const shown = await show(newModel(), 320);
    const facets = shown.find(".mw-facets");
    expect(getComputedStyle(facets).display).toBe("none");
    shown.button("Filters").click();
    expect(getComputedStyle(facets).display).toBe("block");
    expect(shown.el.scrollWidth).toBeLessThanOrEqual(320);
  });

  test("may be dark", async () => {
    document.body.dataset.jpThemeLight = "false";
    const shown = await show();
    await vi.waitFor(() => expect(shown.find(".mw-picker").dataset.theme).toBe("dark"));
    delete document.body.dataset.jpThemeLight;
    await vi.waitFor(() => expect(shown.find(".mw-picker").dataset.theme).toBe("light"));
  });
});

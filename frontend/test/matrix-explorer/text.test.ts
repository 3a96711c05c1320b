import { describe, expect, test } from "vitest";
import { connectionsCsv } from "../../src/matrix-explorer/export/connections-csv";
import { toPython } from "../../src/matrix-explorer/export/python-code";
import {
  colorAt,
  countColors,
  inkOn,
  noConnection,
  stepColors,
} from "../../src/matrix-explorer/render/color-scales";
import { runs } from "../../src/matrix-explorer/render/overlay-painter";
import { describePlace } from "../../src/matrix-explorer/view/descriptions";
import { ticks } from "../../src/matrix-explorer/view/histogram-view";
import { COLORMAPS } from "../../src/shared/contract";
import { contrast } from "../../src/shared/contrast";
import { quote } from "../../src/shared/csv";
import { A, B, smallModel, smallStore, X } from "./small-matrix";

const THEMES = ["light", "dark"] as const;

const python = (state = {}) => {
  const model = smallModel(state);
  return toPython((name) => model.get(name));
};

describe("copy as Python", () => {
  test("contains what differs from a new explorer", () => {
    expect(python()).toBe("mw.MatrixExplorer(con)");
    const view = { rows: [0, 2] as [number, number], columns: [1, 3] as [number, number] };
    expect(python({ code_arguments: "matrix", value: "count", order_pre: "depth", view })).toBe(
      'mw.MatrixExplorer(matrix, value="count", order_pre="depth", ' +
        'view={"rows": [0, 2], "columns": [1, 3]})',
    );
  });

  test("writes root ids as numbers and omits an order that only Python has", () => {
    expect(python({ pair: [A, B], selected_pre: [A], order_pre: "own" })).toBe(
      `mw.MatrixExplorer(con, pair=(${A}, ${B}), selected_pre=(${A},))`,
    );
  });
});

describe("CSV", () => {
  test("has one line per connection in view, in the order shown", async () => {
    const store = await smallStore({ order_pre: "cell_type_auto" });
    store.look({ left: 1, right: 4, top: 0, bottom: 3 });
    expect(connectionsCsv(store).join("").trim().split("\n")).toEqual([
      "pre_pt_root_id,post_pt_root_id,pre_type,post_type,n_synapses,size_sum,size_max",
      `${A},${B},23P,BC,2,400,300`,
      `${B},${B},BC,BC,1,20,20`,
      `${B},${A},BC,23P,1,700,700`,
    ]);
  });

  test("quotes text that would break a line", () => {
    expect([quote("BC"), quote('a,"b"')]).toEqual(["BC", '"a,""b"""']);
  });
});

test("an entry is described in words", async () => {
  const store = await smallStore();
  expect(describePlace(store, { row: 0, column: 1 })).toMatch(
    new RegExp(
      `^${A} \\(23P, V1, .* µm deep\\) → ${B} \\(BC, V1, .* µm deep\\): ` +
        "2 synapses, 400 voxels \\(mean 200, largest 300\\)$",
    ),
  );
  expect(describePlace(store, { row: 3, column: 0 })).toContain(`${X} (unknown): no connection`);
});

test("adjacent places form one run", () => {
  expect(runs([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 4],
    [7, 8],
    [9, 11],
  ]);
});

test("an axis has at least three round numbers, however short it is", () => {
  const numbers = (low: number, high: number) =>
    ticks(low, high).map((log) => Math.round(10 ** log));
  expect(numbers(1.5, 4.5)).toEqual([100, 1000, 10_000]);
  expect(numbers(2.9, 3.8)).toEqual([1000, 2000, 5000]);
  expect(numbers(3.1, 3.65)).toEqual([1500, 2000, 3000, 4000]);
});

describe("colour scales", () => {
  const lightness = (rgb: readonly number[]) =>
    0.2126 * (rgb[0] as number) + 0.7152 * (rgb[1] as number) + 0.0722 * (rgb[2] as number);

  test.each(COLORMAPS)("%s goes steadily from light to dark", (colormap) => {
    const steps = Array.from({ length: 30 }, (_, k) => lightness(colorAt(colormap, k / 29)));
    expect(steps).toEqual([...steps].sort((a, b) => b - a));
  });

  test.each(COLORMAPS)("%s goes steadily from dark to light on a dark ground", (colormap) => {
    const steps = Array.from({ length: 30 }, (_, k) =>
      lightness(colorAt(colormap, k / 29, "dark")),
    );
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test.each(THEMES)("in the %s theme, the weakest connection stands out from none", (theme) => {
    const hex = (rgb: readonly number[]) =>
      `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    // On a dark ground more, since eyes adapted to the dark see less of it on a bright screen.
    const least = theme === "dark" ? 2.2 : 1.7;
    for (const colormap of COLORMAPS) {
      const ratio = contrast(hex(colorAt(colormap, 0, theme)), noConnection(theme));
      expect(ratio).toBeGreaterThan(least);
    }
  });

  test("the colour for no connection differs from all steps", () => {
    for (const colormap of COLORMAPS) {
      for (const theme of THEMES) {
        const [none, ...steps] = stepColors(colormap, theme);
        expect(steps).not.toContain(none);
        expect(countColors(colormap, 9, theme)[0]).toBe(none);
        expect(countColors(colormap, 9, theme)).toHaveLength(10);
      }
    }
  });

  test("text on a colour is black or white, whichever has more contrast", () => {
    expect([inkOn([255, 255, 200]), inkOn([10, 10, 60])]).toEqual(["#000", "#fff"]);
  });
});

import { expect, test } from "vitest";
import table from "../../../microns_widgets/palette.json";
import { contrast, difference } from "../../src/shared/contrast";
import {
  addTypes,
  color,
  DARK_GROUND,
  isNeuron,
  LEAST_CONTRAST,
  rgb,
  typeOrder,
} from "../../src/shared/palette";
import type { Theme } from "../../src/shared/theme";
import cases from "../fixtures/palette.json";

test("every type has the colour of the table", () => {
  expect(table.types.map(({ label }) => color(label))).toEqual(
    table.types.map((type) => type.color),
  );
});

test("coarse types, directions, compartments and regions have colours too", () => {
  expect([color("E"), color("input"), color("axon"), color("V1")]).toEqual([
    table.coarse.E,
    table.directions.input,
    table.compartments.axon,
    table.regions.V1,
  ]);
});

test("missing labels have the colour for unknown, types that nobody knows one of their own", () => {
  expect([color(""), color(null)]).toEqual([table.unknown.color, table.unknown.color]);
  expect(Object.keys(cases).map((label) => color(label))).toEqual(Object.values(cases));
  expect(new Set(Object.values(cases)).size).toBeGreaterThan(1);
});

test("a colour for WebGL has numbers up to 255", () => {
  const [red, green, blue] = rgb("").map((part) => part.toString(16));
  expect(`#${red}${green}${blue}`).toBe(table.unknown.color);
});

test("types of another dataset are added once, after the known ones and before others", () => {
  const stc = { label: "STC", color: "#123456", group: "I" };
  addTypes([stc, { ...stc, color: "#654321" }, { label: "BC", color: "#000000", group: "I" }]);
  expect([color("STC"), color("BC") === "#000000"]).toEqual(["#123456", false]);
  expect(typeOrder(["alpha", "STC", "BC", ""])).toEqual(["BC", "STC", "alpha", ""]);
  expect([isNeuron("STC"), isNeuron("alpha"), isNeuron("astrocyte")]).toEqual([true, false, false]);
});

test("types are in the palette's order, unknown ones by name, missing ones last", () => {
  expect(typeOrder(["", "zeta", "BC", "alpha", "23P", "BC"])).toEqual([
    "23P",
    "BC",
    "alpha",
    "zeta",
    "",
  ]);
});

test("strategies of proofreading are in the palette's order", () => {
  expect(typeOrder(["", "axon_interareal", "new", "axon_partially_extended"])).toEqual([
    "axon_partially_extended",
    "axon_interareal",
    "new",
    "",
  ]);
});

const LABELS = [
  ...table.types.map(({ label }) => label),
  ...[table.coarse, table.directions, table.compartments, table.regions].flatMap(Object.keys),
  ...Object.keys(cases),
  "",
];

test.each(LABELS)("the colour of %j stands out on the dark ground", (label) => {
  expect(contrast(color(label, "dark"), DARK_GROUND)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
});

test("colours for names that nobody knows, and of other datasets, stand out too", () => {
  addTypes([{ label: "night", color: "#000011", group: "I" }]);
  const names = Array.from({ length: 60 }, (_, place) => `name ${place}`);
  for (const label of [...names, "night"])
    expect(contrast(color(label, "dark"), DARK_GROUND)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
});

test("a colour that stands out anyway is the same in both themes", () => {
  expect(color("BC", "dark")).toBe(color("BC"));
  expect(color("5P-IT", "dark")).not.toBe(color("5P-IT"));
});

test("automatic types are as distinct in the dark theme as in the light one", () => {
  const own = table.types.filter(({ systems }) => systems.includes("metamodel"));
  const least = (theme: Theme) =>
    Math.min(
      ...own.flatMap(({ label: a }, place) =>
        own.slice(0, place).map(({ label: b }) => difference(color(a, theme), color(b, theme))),
      ),
    );
  expect(least("dark")).toBeGreaterThan(0.95 * least("light"));
});

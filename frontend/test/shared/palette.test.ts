import { expect, test } from "vitest";
import table from "../../../microns_widgets/palette.json";
import { addTypes, color, isNeuron, rgb, typeOrder } from "../../src/shared/palette";
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
  expect(Object.keys(cases).map(color)).toEqual(Object.values(cases));
  expect(new Set(Object.values(cases)).size).toBeGreaterThan(1);
});

test("a colour for WebGL is between 0 and 1", () => {
  const [red, green, blue] = rgb("").map((part) => Math.round(255 * part).toString(16));
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

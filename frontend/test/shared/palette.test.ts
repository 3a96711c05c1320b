import { expect, test } from "vitest";
import table from "../../../microns_widgets/palette.json";
import { color, rgb, typeOrder } from "../../src/shared/palette";

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

test("unknown and missing labels have the colour for unknown", () => {
  expect([color("a new type"), color(""), color(null)]).toEqual(Array(3).fill(table.unknown.color));
});

test("a colour for WebGL is between 0 and 1", () => {
  const [red, green, blue] = rgb("a new type").map((part) => Math.round(255 * part).toString(16));
  expect(`#${red}${green}${blue}`).toBe(table.unknown.color);
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

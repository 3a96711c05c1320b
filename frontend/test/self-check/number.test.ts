import { expect, test } from "vitest";
import { readNumber } from "../../src/self-check/number";

test.each([
  ["0.5", 0.5],
  [".5", 0.5],
  ["5.", 5],
  [" 1/2 ", 0.5],
  ["50 %", 0.5],
  ["50%", 0.5],
  ["50 per cent", 0.5],
  ["1,000", 1000],
  ["12,345,678.9", 12_345_678.9],
  ["1 000", 1000],
  ["1\u2009000", 1000],
  ["1’000", 1000],
  ["1000", 1000],
  ["\u22123", -3],
  ["+3", 3],
  ["2.5e-3", 0.0025],
  ["2.5E3", 2500],
  ["2.5 × 10^3", 2500],
  ["2.5*10**-3", 0.0025],
  ["1/1,001", 1 / 1001],
  ["≈ 3", 3],
  ["about 3", 3],
])("%j is %f", (text, value) => {
  expect(readNumber(text)).toEqual({ value });
});

test.each([
  ["0,5", "0.5"],
  ["0,0095", "0.0095"],
  ["1,5", "1.5"],
  ["0,500", "0.500"],
  ["1.000,5", "1000.5"],
  ["12,34", "12.34"],
])("whether the comma in %j is a decimal point is asked, not guessed", (text, point) => {
  const problem = `Is the comma in “${text}” a decimal point? Then type ${point}.`;
  expect(readNumber(text)).toEqual({ problem });
});

test.each([
  "five",
  "1.2.3",
  "1/0",
  "1/2/3",
  "--3",
  "5 cells",
  "1e999",
  "%",
  "/",
  "NaN",
  "Infinity",
])("%j is not a number", (text) => {
  expect(readNumber(text)).toHaveProperty("problem");
});

test("an empty field is not a try", () => {
  expect(readNumber("  ")).toEqual({ problem: "Type a number first." });
});

test.each([
  ["120", 120],
  ["120 µm", 120],
  // A Greek mu and a micro sign look the same.
  ["120 \u03bcm", 120],
  ["120µm", 120],
])("%j has the unit that is asked for", (text, value) => {
  expect(readNumber(text, "µm")).toEqual({ value });
});

test("another unit is not converted", () => {
  expect(readNumber("0.12 mm", "µm")).toEqual({ problem: "Give the number in µm." });
});

test("where percent is the unit, 50 and 50 % are the same", () => {
  expect(readNumber("50", "%")).toEqual({ value: 50 });
  expect(readNumber("50 %", "%")).toEqual({ value: 50 });
});

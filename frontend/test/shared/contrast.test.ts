import { expect, test } from "vitest";
import { contrast, lightened } from "../../src/shared/contrast";

test("contrast is 21 between black and white, and 1 between equal colours", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#2e1dd4", "#2e1dd4")).toBe(1);
  // From WebAIM's contrast checker.
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

test("a lighter variant has just enough contrast and keeps its hue", () => {
  const variant = lightened("#2e1dd4", "#181a1f", 3);
  expect(contrast(variant, "#181a1f")).toBeGreaterThanOrEqual(3);
  expect(contrast(variant, "#181a1f")).toBeLessThan(3.3);
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(variant.slice(at, at + 2), 16));
  expect(blue).toBeGreaterThan(200);
  expect(red).toBeLessThan(140);
  expect(green).toBeLessThan(140);
});

test("black becomes grey, and a colour that suffices stays as it is", () => {
  expect(lightened("#000000", "#181a1f", 3)).toMatch(/^#(..)\1\1$/);
  expect(lightened("#ffa400", "#181a1f", 3)).toBe("#ffa400");
});

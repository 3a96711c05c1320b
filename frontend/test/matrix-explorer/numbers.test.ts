import { describe, expect, test } from "vitest";
import {
  levelsOf,
  stepOf,
  type Value,
  valueAt,
} from "../../src/matrix-explorer/data/connection-values";
import { bars, sumsOf } from "../../src/matrix-explorer/data/margin-sums";
import {
  distributionOf,
  expected,
  logStrengths,
  strengthOf,
} from "../../src/matrix-explorer/data/strength-distribution";
import { summarise, typeValue } from "../../src/matrix-explorer/data/type-summary";
import { counted, format, percent, short } from "../../src/shared/number-format";
import { smallMatrix } from "./small-matrix";

test.each([
  ["binary", [1, 1, 1, 1, 1]],
  ["count", [1, 2, 1, 1, 1]],
  ["sum", [50, 400, 20, 700, 1]],
  ["mean", [50, 200, 20, 700, 1]],
  ["max", [50, 300, 20, 700, 1]],
  ["log10_sum", [50, 400, 20, 700, 1].map(Math.log10)],
] as const)("the value %s of each connection", async (value, expectedValues) => {
  const data = await smallMatrix();
  expect(expectedValues.map((_, entry) => valueAt(data, value as Value, entry))).toEqual(
    expectedValues,
  );
});

test("steps of the colour scale begin at 1: the weakest connection differs from none", async () => {
  const { steps, low, high } = levelsOf(await smallMatrix(), "log10_sum");
  expect([low, high]).toEqual([0, Math.log10(700)]);
  expect([Math.min(...steps), Math.max(...steps)]).toEqual([1, 255]);
  expect(stepOf(7, 7, 7)).toBe(255);
});

test("margins sum partners, synapses or sizes", async () => {
  const data = await smallMatrix();
  const sums = (value: Value) => {
    const { rows, columns } = sumsOf(data, value);
    return [[...rows], [...columns]];
  };
  expect(sums("binary")).toEqual([
    [2, 2, 1, 0],
    [1, 2, 2, 0],
  ]);
  expect(sums("count")).toEqual([
    [3, 2, 1, 0],
    [1, 3, 2, 0],
  ]);
  expect(sums("max")).toEqual([
    [450, 720, 1, 0],
    [50, 420, 701, 0],
  ]);
});

test("a margin's pixel shows the largest sum of its cells", () => {
  const sums = Float64Array.of(1, 4, 2, 0);
  const order = Uint32Array.of(2, 0, 1, 3);
  expect([...bars(sums, order, 0, 4, 2)]).toEqual([0.5, 1]);
  expect([...bars(sums, order, 1, 3, 4)]).toEqual([0.25, 0.25, 1, 1]);
});

describe("by type", () => {
  test("pairs, synapses and sizes are counted without autapses", async () => {
    const summary = summarise(await smallMatrix(), "cell_type_auto");
    expect(summary.preLabels).toEqual(["23P", "BC", "MC"]);
    expect(summary.postLabels).toEqual(["23P", "BC", "astrocyte", ""]);
    // Two rows are cells of type 23P; one of them is also the column of that type.
    expect([...summary.pairsPossible]).toEqual([1, 2, 2, 2, 1, 0, 1, 1, 1, 1, 1, 1]);
    expect([...summary.pairsConnected]).toEqual([0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0]);
    expect([...summary.nSynapses]).toEqual([0, 2, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0]);
    expect([...summary.sizeSum]).toEqual([0, 400, 0, 50, 700, 0, 0, 0, 1, 0, 0, 0]);
    expect(typeValue(summary, "probability", 1)).toBe(0.5);
    expect(typeValue(summary, "mean_synapses", 1)).toBe(2);
    expect(typeValue(summary, "mean_size", 1)).toBe(200);
    expect(typeValue(summary, "probability", 5)).toBeNaN();
    expect(typeValue(summary, "mean_size", 0)).toBeNaN();
  });
});

describe("the distribution of strengths", () => {
  test("is fitted by mean and standard deviation of the logarithms", async () => {
    const logs = logStrengths(await smallMatrix(), "log10_sum");
    const result = distributionOf(logs, [1, 4]);
    expect(result.n).toBe(2);
    expect(result.mean).toBeCloseTo(Math.log10(400) / 2, 6);
    expect(result.spread).toBeCloseTo(Math.log10(400) / 2, 6);
    expect(result.bins[0]).toBe(1);
    expect(result.bins.at(-1)).toBe(1);
    expect(expected(result, result.mean)).toBeGreaterThan(expected(result, result.low));
  });

  test("of no connections or a single strength has no curve", () => {
    expect(distributionOf(new Float32Array(0), []).n).toBe(0);
    expect(expected(distributionOf(Float32Array.of(2, 2), [0, 1]), 2)).toBe(0);
  });

  test("leaves out sizes of 0, which have no logarithm", () => {
    expect(distributionOf(Float32Array.of(Number.NEGATIVE_INFINITY, 1, 3), [0, 1, 2]).mean).toBe(2);
  });

  test("is that of sizes if the value is binary", () => {
    expect([strengthOf("binary"), strengthOf("log10_sum"), strengthOf("count")]).toEqual([
      "sum",
      "sum",
      "count",
    ]);
  });
});

test("numbers are readable", () => {
  expect([1234567, 0.01234, 12.5, 3, Number.NaN].map(format)).toEqual([
    "1,234,567",
    "0.0123",
    "12.5",
    "3",
    "–",
  ]);
  expect([short(9999), short(12345), short(6320, 999)]).toEqual(["9,999", "12.3K", "6.32K"]);
  expect([percent(0.0134), percent(Number.NaN)]).toEqual(["1.3 %", "–"]);
  expect([counted(1, "synapse"), counted(2, "synapse")]).toEqual(["1 synapse", "2 synapses"]);
});

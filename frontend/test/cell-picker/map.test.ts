import { describe, expect, test } from "vitest";
import { BINS, binned, scaleOf } from "../../src/cell-picker/data/histogram";
import { MapScale, nearest } from "../../src/cell-picker/render/map-scale";
import { inside, thinned } from "../../src/shared/polygon";

describe("a lasso", () => {
  const square = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ] as const;

  test("contains what is inside and nothing else", () => {
    expect(inside(square, 5, 5)).toBe(true);
    expect(inside(square, 15, 5)).toBe(false);
    expect(inside(square, 5, -1)).toBe(false);
    expect(inside(square, Number.NaN, 5)).toBe(false);
    expect(inside([], 0, 0)).toBe(false);
  });

  test("that crosses itself excludes what it encloses twice", () => {
    const twice = [...square, ...square];
    expect(inside(twice, 5, 5)).toBe(false);
  });

  test("can be concave", () => {
    const arrow = [
      [0, 0],
      [10, 0],
      [10, 10],
      [5, 2],
      [0, 10],
    ] as const;
    expect(inside(arrow, 5, 1)).toBe(true);
    expect(inside(arrow, 5, 5)).toBe(false);
  });

  test("is thinned to points a step apart", () => {
    const line = Array.from({ length: 100 }, (_, i) => [i / 10, 0] as const);
    const points = thinned(line, 1);
    expect(points).toHaveLength(10);
    expect(points[0]).toEqual([0, 0]);
  });
});

describe("the map's scale", () => {
  const whole = MapScale.fitting(
    { left: 0, right: 1000, top: 0, bottom: 500 },
    { width: 442, height: 430 },
  );

  test("shows everything centred, with the same factor in both directions", () => {
    expect(whole.factor).toBeCloseTo(0.4);
    expect([whole.x(0), whole.x(1000)]).toEqual([34, 434]);
    expect((whole.y(0) + whole.y(500)) / 2).toBeCloseTo(220);
  });

  test("converts a pixel back to its position", () => {
    const [x, depth] = whole.at(whole.x(123), whole.y(456));
    expect(x).toBeCloseTo(123);
    expect(depth).toBeCloseTo(456);
  });

  test("keeps what is under the pointer when it zooms", () => {
    const before = whole.at(100, 50);
    const closer = whole.zoomed(3, 100, 50, whole);
    expect(closer.factor).toBeCloseTo(1.2);
    expect(closer.at(100, 50)[0]).toBeCloseTo(before[0]);
    expect(closer.at(100, 50)[1]).toBeCloseTo(before[1]);
  });

  test("never zooms out beyond the whole map", () => {
    expect(whole.zoomed(2, 10, 10, whole).zoomed(0.1, 300, 300, whole)).toBe(whole);
  });

  test("moves by pixels", () => {
    expect(whole.moved(10, -5).x(0)).toBeCloseTo(whole.x(0) + 10);
    expect(whole.moved(10, -5).y(0)).toBeCloseTo(whole.y(0) - 5);
  });
});

test("the nearest cell is found among those shown, within reach", () => {
  const x = [0, 10, 20, Number.NaN];
  const depth = [0, 0, 0, 0];
  expect(nearest(x, depth, [0, 1, 2, 3], [12, 0], 5)).toBe(1);
  expect(nearest(x, depth, [0, 2, 3], [12, 0], 5)).toBe(-1);
});

describe("a histogram", () => {
  test("has its lowest value in the first bin, its highest in the last, and missing values in none", () => {
    const values = Float32Array.from([10, 20, 30, Number.NaN]);
    const bins = binned(values, scaleOf(values, false));
    expect([bins[0], bins[1], bins[2]]).toEqual([0, BINS / 2, BINS - 1]);
    expect(bins[3]).toBeGreaterThanOrEqual(BINS);
  });

  test("of counts is logarithmic and begins at the minimum", () => {
    const scale = scaleOf(Float32Array.from([0, 10, 1000]), true);
    expect(scale.toUnit(0)).toBe(0);
    expect(scale.toUnit(1000)).toBe(1);
    expect(scale.toUnit(30)).toBeCloseTo(0.5, 1);
    expect(scale.fromUnit(scale.toUnit(123))).toBeCloseTo(123);
  });

  test("of one value or none still has a width", () => {
    expect(scaleOf(Float32Array.from([7, 7]), false).toUnit(7)).toBe(0);
    expect(scaleOf(Float32Array.from([Number.NaN]), true).toUnit(0)).toBe(0);
  });
});

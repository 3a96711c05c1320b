import { describe, expect, test } from "vitest";
import {
  fromView,
  includingEntry,
  isWhole,
  moved,
  toView,
  whole,
  zoomed,
} from "../../src/matrix-explorer/data/visible-window";
import {
  entryAtPoint,
  entrySize,
  frameOf,
  xOf,
  yOf,
} from "../../src/matrix-explorer/render/plot-frame";

const ALL = whole(100, 200);
const twice = { across: 2, down: 2 };

describe("zooming", () => {
  test("keeps the entry under the pointer where it is", () => {
    const window = zoomed(ALL, twice, { row: 25, column: 150 }, 100, 200);
    expect(window).toEqual({ left: 75, right: 175, top: 12.5, bottom: 62.5 });
  });

  test("out stops at the whole matrix", () => {
    const window = zoomed(ALL, { across: 0.5, down: 0.5 }, { row: 0, column: 0 }, 100, 200);
    expect(isWhole(window, 100, 200)).toBe(true);
  });

  test("in stops at four cells", () => {
    const window = zoomed(ALL, { across: 1e6, down: 1e6 }, { row: 99, column: 0 }, 100, 200);
    expect([window.right - window.left, window.bottom - window.top]).toEqual([4, 4]);
  });

  test("always shows a smaller matrix as a whole", () => {
    expect(zoomed(whole(2, 1), twice, { row: 0, column: 0 }, 2, 1)).toEqual(whole(2, 1));
  });
});

test("moving stops at the edges", () => {
  const window = { left: 50, right: 100, top: 10, bottom: 20 };
  expect(moved(window, -50, 500, 100, 200)).toEqual({ left: 150, right: 200, top: 0, bottom: 10 });
});

test("the window follows an entry no further than needed", () => {
  const window = { left: 50, right: 60, top: 10, bottom: 20 };
  expect(includingEntry(window, 15, 55, 100, 200)).toBe(window);
  expect(includingEntry(window, 20, 49, 100, 200)).toEqual({
    left: 49,
    right: 59,
    top: 11,
    bottom: 21,
  });
});

test("a view has whole cells, and is empty for the whole matrix", () => {
  expect(toView(ALL, 100, 200)).toEqual({});
  const view = { rows: [3, 10], columns: [0, 200] } as { rows: [number, number] };
  expect(toView(fromView(view, 100, 200), 100, 200)).toEqual({ rows: [3, 10], columns: [0, 200] });
  const part = { left: 0.5, right: 3.5, top: 1, bottom: 2 };
  expect(toView(part, 100, 200)).toEqual({ rows: [1, 2], columns: [0, 4] });
});

describe("on the screen", () => {
  test.each([320, 700, 1400])("the matrix leaves room for strips and margins at %i px", (width) => {
    const frame = frameOf(width, 100, 200);
    expect(frame.left + frame.plotWidth).toBeLessThan(width);
    expect(frame.top + frame.plotHeight).toBeLessThan(frame.height);
  });

  test("a point is in the entry that is drawn there", () => {
    const frame = frameOf(700, 100, 200);
    const window = { left: 20, right: 40, top: 10, bottom: 30 };
    const [x, y] = [xOf(frame, window, 25.5), yOf(frame, window, 12.5)];
    expect(entryAtPoint(frame, window, x, y)).toEqual({ row: 12, column: 25 });
    expect(entryAtPoint(frame, window, frame.left - 1, y)).toBeNull();
    expect(entrySize(frame, window).across).toBe(frame.plotWidth / 20);
  });

  test("a flat matrix is stretched in height, a square one stays square", () => {
    expect(frameOf(700, 2000, 70_000).plotHeight).toBeGreaterThan(200);
    const square = frameOf(600, 500, 500);
    expect(square.plotHeight).toBe(square.plotWidth);
  });
});

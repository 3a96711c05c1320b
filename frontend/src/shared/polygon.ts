// The lasso: which cells lie inside a closed line drawn on the soma map.

/** x and depth, in um. */
export type Point = readonly [number, number];

/**
 * Whether a point lies inside a polygon by the even-odd rule.
 *
 * The operations and their order are those of Python's counterpart (widgets/_filters.py), so that
 * both agree to the last bit.
 */
export function inside(polygon: readonly Point[], x: number, y: number): boolean {
  let within = false;
  let [x1, y1] = polygon.at(-1) ?? [0, 0];
  for (const [x2, y2] of polygon) {
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
    x1 = x2;
    y1 = y2;
  }
  return within;
}

/** A hand-drawn line with fewer points: those closer than `step` to the last one are left out. */
export function thinned(line: readonly Point[], step: number): Point[] {
  const corners: Point[] = [];
  for (const point of line) {
    const [x, y] = corners.at(-1) ?? [Number.POSITIVE_INFINITY, 0];
    if (Math.hypot(point[0] - x, point[1] - y) >= step) corners.push(point);
  }
  return corners;
}

// Finds the point nearest to the pointer.

import { dot } from "../data/vector";
import type { Frame } from "./camera";

export interface Points {
  um: Float32Array;
  /** RGBA; a fourth value of 0 hides a point. */
  colors?: Uint8Array;
}

export interface PointIndex {
  /** Index of the list of points. */
  list: number;
  index: number;
}

/** The point nearest to (x, y), less than `reach` pixels away; null if there is none. */
export function nearestPoint(
  frame: Frame,
  lists: readonly Points[],
  x: number,
  y: number,
  reach: number,
): PointIndex | null {
  const { right, up, forward, distance } = frame;
  const { center, height } = frame.camera;
  const flat = frame.height / height;
  // The center's coordinates along the picture's axes are computed once, not for each point.
  const [cr, cu, cf] = [dot(center, right), dot(center, up), dot(center, forward)];
  const [px, py] = [x - frame.width / 2, frame.height / 2 - y];
  let best: PointIndex | null = null;
  let least = reach ** 2;
  lists.forEach(({ um, colors }, list) => {
    for (let i = 0, k = 0; k < um.length; i++, k += 3) {
      if (colors && !colors[4 * i + 3]) continue;
      const [a, b, c] = [um[k] as number, um[k + 1] as number, um[k + 2] as number];
      let scale = flat;
      if (distance > 0) {
        const before = distance + forward[0] * a + forward[1] * b + forward[2] * c - cf;
        if (before <= 0) continue;
        scale = (flat * distance) / before;
      }
      const dx = (right[0] * a + right[1] * b + right[2] * c - cr) * scale - px;
      const dy = (up[0] * a + up[1] * b + up[2] * c - cu) * scale - py;
      const off = dx * dx + dy * dy;
      if (off < least) {
        least = off;
        best = { list, index: i };
      }
    }
  });
  return best;
}

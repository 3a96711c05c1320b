// A tree as straight segments: all of them, or as few as the scale of a picture needs.
import type { Tree } from "../data/cell";

/** Pairs of vertices: first the one farther from the root, then the one nearer to it. */
export type Segments = Uint32Array;

/** Every edge of the tree. */
export function allSegments(tree: Tree): Segments {
  const segments = new Uint32Array(2 * tree.n);
  let count = 0;
  for (let vertex = 0; vertex < tree.n; vertex++) {
    const parent = tree.parent[vertex] as number;
    if (parent < 0) continue;
    segments[count++] = vertex;
    segments[count++] = parent;
  }
  return segments.slice(0, count);
}

/**
 * Fewer segments, which deviate from the tree by at most `tolerance` um.
 *
 * Branch points, tips and changes of compartment are preserved (Douglas and Peucker 1973 on each
 * piece between them).
 */
export function fewerSegments(tree: Tree, tolerance: number): Segments {
  const { n, parent, compartment } = tree;
  const children = new Uint32Array(n);
  for (let vertex = 0; vertex < n; vertex++) {
    const up = parent[vertex] as number;
    if (up >= 0) children[up] = (children[up] as number) + 1;
  }
  const isFixed = (vertex: number) => {
    const up = parent[vertex] as number;
    return up < 0 || children[vertex] !== 1 || compartment[vertex] !== compartment[up];
  };
  const segments: number[] = [];
  for (let start = 0; start < n; start++) {
    if ((parent[start] as number) < 0 || !isFixed(start)) continue;
    const path = [start];
    let vertex = start;
    do {
      vertex = parent[vertex] as number;
      path.push(vertex);
    } while (!isFixed(vertex));
    straighten(tree, path, tolerance ** 2, segments);
  }
  return Uint32Array.from(segments);
}

function straighten(tree: Tree, path: number[], limit: number, segments: number[]): void {
  const vertices = [0];
  // A stack of pieces to look at, the next one on top, so that they come out in order.
  const pieces: [number, number][] = [[0, path.length - 1]];
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const [first, last] = piece;
    const [worst, at] = farthest(tree.um, path, first, last);
    if (worst > limit) pieces.push([at, last], [first, at]);
    else vertices.push(last);
  }
  for (let i = 1; i < vertices.length; i++) {
    segments.push(path[vertices[i - 1] as number] as number, path[vertices[i] as number] as number);
  }
}

/** The largest squared distance of a path's inner vertices from the chord, and where it is. */
function farthest(um: Float32Array, path: number[], first: number, last: number) {
  const a = 3 * (path[first] as number);
  const b = 3 * (path[last] as number);
  const [ax, ay, az] = [um[a] as number, um[a + 1] as number, um[a + 2] as number];
  const [dx, dy, dz] = [
    (um[b] as number) - ax,
    (um[b + 1] as number) - ay,
    (um[b + 2] as number) - az,
  ];
  const length = dx * dx + dy * dy + dz * dz;
  let worst = 0;
  let at = first;
  for (let i = first + 1; i < last; i++) {
    const p = 3 * (path[i] as number);
    const [x, y, z] = [
      (um[p] as number) - ax,
      (um[p + 1] as number) - ay,
      (um[p + 2] as number) - az,
    ];
    const along = length > 0 ? Math.max(0, Math.min(1, (x * dx + y * dy + z * dz) / length)) : 0;
    const off = (x - along * dx) ** 2 + (y - along * dy) ** 2 + (z - along * dz) ** 2;
    if (off > worst) [worst, at] = [off, i];
  }
  return [worst, at] as const;
}

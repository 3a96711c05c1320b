// A cell's neurites as a mesh: thick segments first, each as four vertices.
import type { Tree } from "../data/cell";
import { Mesh } from "./mesh";
import type { Segments } from "./segments";

export class Tubes {
  readonly segments: Segments;
  readonly mesh: Mesh;
  readonly #radii: Float32Array;
  #colors: Uint8Array | null = null;

  constructor(gl: WebGL2RenderingContext, tree: Tree, segments: Segments) {
    const radius = radiiOf(tree, segments);
    const order = Uint32Array.from(radius.keys()).sort(
      (a, b) => (radius[b] as number) - (radius[a] as number),
    );
    this.segments = new Uint32Array(segments.length);
    order.forEach((from, to) => {
      this.segments[2 * to] = segments[2 * from] as number;
      this.segments[2 * to + 1] = segments[2 * from + 1] as number;
    });
    this.#radii = Float32Array.from(order, (from) => radius[from] as number);
    this.mesh = new Mesh(gl, corners(tree, this.segments), 2);
  }

  get count(): number {
    return this.#radii.length;
  }

  /** Number of segments thicker than a radius (um); these come first. */
  thicker(radius: number): number {
    let [low, high] = [0, this.#radii.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#radii[middle] as number) > radius) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Sets the tree's colours; a segment has that of its end farther from the root. */
  paint(colors: Uint8Array): void {
    if (colors === this.#colors) return;
    this.#colors = colors;
    const from = new Uint32Array(colors.buffer, colors.byteOffset, colors.length / 4);
    const to = new Uint32Array(4 * this.count);
    for (let i = 0; i < this.count; i++) {
      to.fill(from[this.segments[2 * i] as number] as number, 4 * i, 4 * i + 4);
    }
    this.mesh.paint(new Uint8Array(to.buffer));
  }
}

/** Radius of each segment's thicker end. */
function radiiOf(tree: Tree, segments: Segments): Float32Array {
  const values = new Float32Array(segments.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.max(...endRadii(tree, segments, i));
  }
  return values;
}

/** Radii of both ends; not the root's, which is the soma's and would widen the neurite. */
function endRadii(tree: Tree, segments: Segments, i: number): [number, number] {
  const [a, b] = [segments[2 * i] as number, segments[2 * i + 1] as number];
  const own = tree.radius[a] as number;
  return [own, b === tree.root ? own : (tree.radius[b] as number)];
}

function corners(tree: Tree, segments: Segments): Float32Array {
  const values = new Float32Array(16 * segments.length);
  for (let i = 0; i < segments.length / 2; i++) {
    const at = 32 * i;
    const radii = endRadii(tree, segments, i);
    for (const end of [0, 1] as const) {
      const vertex = 3 * (segments[2 * i + end] as number);
      for (let k = 0; k < 3; k++) values[at + 4 * end + k] = tree.um[vertex + k] as number;
      values[at + 4 * end + 3] = radii[end];
    }
    for (const corner of [8, 16, 24]) values.copyWithin(at + corner, at, at + 8);
  }
  return values;
}

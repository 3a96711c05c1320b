// A cell's neurites as buffers: the thick segments first, each as four vertices.
import type { Tree } from "../data/cell";
import { Mesh } from "./mesh";
import type { Segments } from "./segments";

export class Tubes {
  readonly segments: Segments;
  readonly mesh: Mesh;
  readonly #radii: Float32Array;
  #painted: Uint8Array | null = null;

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

  /** How many segments are thicker than a radius in um; they come first. */
  thicker(radius: number): number {
    let [low, high] = [0, this.#radii.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#radii[middle] as number) > radius) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes the tree's colours; a segment has that of the end farther from the root. */
  paint(colors: Uint8Array): void {
    if (colors === this.#painted) return;
    this.#painted = colors;
    const from = new Uint32Array(colors.buffer, colors.byteOffset, colors.length / 4);
    const to = new Uint32Array(4 * this.count);
    for (let i = 0; i < this.count; i++) {
      to.fill(from[this.segments[2 * i] as number] as number, 4 * i, 4 * i + 4);
    }
    this.mesh.paint(new Uint8Array(to.buffer));
  }
}

/** The thicker end's radius of each segment. */
function radiiOf(tree: Tree, segments: Segments): Float32Array {
  const made = new Float32Array(segments.length / 2);
  for (let i = 0; i < made.length; i++) {
    made[i] = Math.max(...endRadii(tree, segments, i));
  }
  return made;
}

/** The root's radius is the soma's, which is drawn as a sphere: a neurite begins as it goes on. */
function endRadii(tree: Tree, segments: Segments, i: number): [number, number] {
  const [a, b] = [segments[2 * i] as number, segments[2 * i + 1] as number];
  const own = tree.radius[a] as number;
  return [own, b === tree.root ? own : (tree.radius[b] as number)];
}

function corners(tree: Tree, segments: Segments): Float32Array {
  const made = new Float32Array(16 * segments.length);
  for (let i = 0; i < segments.length / 2; i++) {
    const at = 32 * i;
    const radii = endRadii(tree, segments, i);
    for (const end of [0, 1] as const) {
      const vertex = 3 * (segments[2 * i + end] as number);
      for (let k = 0; k < 3; k++) made[at + 4 * end + k] = tree.um[vertex + k] as number;
      made[at + 4 * end + 3] = radii[end];
    }
    for (const corner of [8, 16, 24]) made.copyWithin(at + corner, at, at + 8);
  }
  return made;
}

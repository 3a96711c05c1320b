// Skeletons as SWC files.
import type { Cell } from "../data/cell";

// A line break would end the comment.
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** A skeleton as an SWC file in um, parents before children, as Skeleton.to_swc writes it. */
export function toSwc({ id, tree }: Cell): string {
  if (!tree) throw new Error(`Cell ${id} has no skeleton to save.`);
  const depth = new Int32Array(tree.n).fill(-1);
  for (let vertex = 0; vertex < tree.n; vertex++) {
    const path: number[] = [];
    for (let at = vertex; at >= 0 && depth[at] === -1; at = tree.parent[at] as number)
      path.push(at);
    for (const at of path.reverse()) {
      const parent = tree.parent[at] as number;
      depth[at] = parent < 0 ? 0 : (depth[parent] as number) + 1;
    }
  }
  const order = Array.from(depth.keys()).sort(
    (a, b) => (depth[a] as number) - (depth[b] as number),
  );
  const row = new Int32Array(tree.n);
  order.forEach((vertex, place) => {
    row[vertex] = place + 1;
  });
  const { x, y, z, radius } = tree.nm;
  const um = (values: ArrayLike<number>, vertex: number) =>
    ((values[vertex] as number) / 1000).toFixed(3);
  const lines = order.map((vertex) => {
    const parent = tree.parent[vertex] as number;
    const numbers = [x, y, z, radius].map((values) => um(values, vertex)).join(" ");
    return `${row[vertex]} ${tree.compartment[vertex]} ${numbers} ${parent < 0 ? -1 : row[parent]}`;
  });
  const comment = [`# root id ${id}`, "um", tree.source].filter(Boolean).join("; ");
  return `${comment.replace(BREAKS, " ")}\n${lines.join("\n")}\n`;
}

// Reads the public SWC files: seven numbers per row, in um. Python reads other dialects.
import { COMPARTMENTS } from "../../shared/contract";
import type { RootId } from "../../shared/root-ids";
import type { TreeColumns } from "./cell";

const NM_PER_UM = 1000;
const ROOT_ID = /\b\d{17,19}\b/;

/** Reads a file; an error says why it is not the skeleton of this cell. */
export function readSwc(text: string, id: RootId): TreeColumns & { root: number } {
  const rows: number[][] = [];
  for (const line of text.split(/\r?\n/)) {
    const content = line.trim();
    if (content.startsWith("#")) {
      const other = ROOT_ID.exec(content)?.[0];
      if (other && other !== id)
        throw new Error(`The file contains the skeleton of cell ${other}.`);
      if (/\b(nm|nanomet\w*)\b/i.test(content)) throw new Error("The file is in nm, not in um.");
    } else if (content) {
      const row = content.split(/\s+/).map(Number);
      if (row.length !== 7 || !row.every(Number.isFinite))
        throw new Error(`The line “${content.slice(0, 60)}” is not SWC.`);
      rows.push(row);
    }
  }
  if (rows.length === 0) throw new Error("The file contains no vertices.");
  const n = rows.length;
  const place = new Map(rows.map((row, i) => [row[0], i]));
  if (place.size < n) throw new Error("The file lists a vertex twice.");
  const column = (k: number, factor = NM_PER_UM) =>
    Float32Array.from(rows, (row) => (row[k] as number) * factor);
  const [x, y, z] = [column(2), column(3), column(4)];
  const parent = Int32Array.from(rows, (row, i) => {
    const at = place.get(row[6]);
    if (at === undefined && row[6] !== -1)
      throw new Error(`Vertex ${rows[i]?.[0]} has the parent ${row[6]}, which is not in the file.`);
    return at ?? -1;
  });
  const roots = [...parent.keys()].filter((i) => parent[i] === -1);
  if (roots.length !== 1) throw new Error(`The file contains ${roots.length} trees, expected one.`);
  return {
    root: roots[0] as number,
    x,
    y,
    z,
    radius: column(5),
    parent,
    compartment: Uint8Array.from(rows, (row) => known(row[1] as number)),
    distance: distances(x, y, z, parent),
  };
}

// Other numbers, such as 5 for a branch point in old files, are kept if they fit.
function known(compartment: number): number {
  return compartment >= 0 && compartment < 256 ? compartment : COMPARTMENTS.soma - 1;
}

/** Path length from each vertex to the root, in um; vertices may come in any order. */
function distances(
  x: Float32Array,
  y: Float32Array,
  z: Float32Array,
  parent: Int32Array,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(parent.length).fill(Number.NaN);
  const path: number[] = [];
  for (let vertex = 0; vertex < parent.length; vertex++) {
    let at = vertex;
    while (at >= 0 && Number.isNaN(result[at])) {
      path.push(at);
      at = parent[at] as number;
      if (path.length > parent.length) throw new Error("The file contains a loop of vertices.");
    }
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      const up = parent[next] as number;
      const step = (axis: Float32Array) => (axis[next] as number) - (axis[up] as number);
      result[next] =
        up < 0 ? 0 : (result[up] as number) + Math.hypot(step(x), step(y), step(z)) / NM_PER_UM;
    }
  }
  return result;
}

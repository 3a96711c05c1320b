// What a view is written as: SWC, CSV, Neuroglancer's state, a line of Python.
import type { Cell } from "../data/cell";
import { distanceToSoma } from "../data/cell";
import type { Paint } from "../render/colors";
import type { State, World } from "../state";

/** A cell's skeleton as an SWC file: um, parents before children, as Skeleton.to_swc writes it. */
export function toSwc({ id, tree }: Cell): string {
  if (!tree) throw new Error(`There is no skeleton of cell ${id} to write.`);
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
  return `${comment}\n${lines.join("\n")}\n`;
}

/** Which synapses are shown: those that have a size in the picture. */
function* shownSynapses(cells: readonly Cell[], paints: readonly Paint[]) {
  for (const [place, cell] of cells.entries()) {
    const sizes = paints[place]?.synapses;
    for (let i = 0; i < cell.synapses.n; i++) if (sizes?.[4 * i + 3]) yield { cell, i };
  }
}

/** The synapses that are shown, one row each; positions in nm of the volume. */
export function toCsv(cells: readonly Cell[], paints: readonly Paint[]): string {
  const lines = [
    "cell_root_id,id,direction,partner_root_id,partner_type,size,x_nm,y_nm,z_nm,depth_um,distance_to_soma_um",
  ];
  for (const { cell, i } of shownSynapses(cells, paints)) {
    const { id, direction, partner, type, size, nm, um } = cell.synapses;
    const distance = distanceToSoma(cell, i);
    lines.push(
      [
        cell.id,
        id[i],
        direction.labels[direction.codes[i] as number],
        partner.at(i),
        quoted(type.labels[type.codes[i] as number] ?? ""),
        size[i],
        nm.x[i],
        nm.y[i],
        nm.z[i],
        (um[3 * i + 1] as number).toFixed(2),
        Number.isFinite(distance) ? distance.toFixed(2) : "",
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Layer {
  name: string;
  segments?: string[];
  annotations?: unknown[];
}

/** A link to the cells and the synapses shown, as widgets/_neuroglancer.py makes it; null if none. */
export function neuroglancerUrl(
  world: World,
  cells: readonly Cell[],
  paints: readonly Paint[],
): string | null {
  if (!world.neuroglancer) return null;
  const { url, state, most } = world.neuroglancer;
  let shown = [...shownSynapses(cells, paints)];
  if (shown.length > most) {
    const size = ({ cell, i }: (typeof shown)[number]) => cell.synapses.size[i] as number;
    const ranked = shown.map((_, place) => place);
    ranked.sort((a, b) => size(shown[b] as never) - size(shown[a] as never));
    const kept = ranked.slice(0, most).sort((a, b) => a - b);
    shown = kept.map((place) => shown[place] as (typeof shown)[number]);
  }
  const side = ({ cell, i }: (typeof shown)[number]) =>
    `${cell.synapses.direction.labels[cell.synapses.direction.codes[i] as number]}s`;
  const layers = (state.layers as Layer[]).map((layer): Layer => {
    if (layer.segments) return { ...layer, segments: cells.map(({ id }) => id) };
    if (!layer.annotations) return layer;
    return { ...layer, annotations: shown.filter((one) => side(one) === layer.name).map(point) };
  });
  const nucleus = cells[0]?.about.nucleus;
  const voxel = state.dimensions as Record<string, [number, string]>;
  const position = nucleus?.map((nm, k) => nm / (voxel["xyz".charAt(k)]?.[0] ?? 1) / 1e9);
  return `${url}#!${encodeURI(JSON.stringify({ ...state, layers, ...(position && { position }) }))}`;
}

function point({ cell: { synapses }, i }: { cell: Cell; i: number }) {
  const { id, nm, type, partner } = synapses;
  return {
    type: "point",
    id: String(id[i]),
    description: type.labels[type.codes[i] as number] || "unknown",
    segments: [[partner.at(i)]],
    props: [],
    point: [nm.x[i], nm.y[i], nm.z[i]],
  };
}

/** The line of Python that makes this view; SkeletonViewer.to_code makes the same. */
export function toPython(get: <K extends keyof State>(name: K) => State[K]): string {
  const cells = get("cells");
  const parts = [`cells=[${cells.join(", ")}]`];
  const add = (name: string, value: string, usual: string) => {
    if (value !== usual) parts.push(`${name}=${value}`);
  };
  const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const number = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  add("color_by", text(get("color_by")), cells.length > 1 ? "'cell'" : "'compartment'");
  add("synapses", text(get("synapses")), "'both'");
  add("synapse_color", text(get("synapse_color")), "'direction'");
  add("hidden_types", `[${get("hidden_types").map(text).join(", ")}]`, "[]");
  const { view, center, height, yaw, pitch } = get("camera");
  const camera = [
    `'view': ${text(view)}`,
    `'center': ${center ? `[${center.map(number).join(", ")}]` : "None"}`,
    `'height': ${height === null ? "None" : number(height)}`,
    `'yaw': ${number(yaw)}`,
    `'pitch': ${number(pitch)}`,
  ];
  add("camera", `{${camera.join(", ")}}`, USUAL_CAMERA);
  add("partner", String(get("partner")), "null");
  return `mw.SkeletonViewer(con, ${parts.join(", ")})`;
}

const USUAL_CAMERA =
  "{'view': 'perspective', 'center': None, 'height': None, 'yaw': -30.0, 'pitch': 15.0}";

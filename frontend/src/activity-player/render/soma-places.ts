// Where the cells are on a map: at their somata, or in a grid if their positions are not known.
import { MapScale } from "../../shared/soma-map/map-scale";
import type { Cells } from "../data/networks";
import type { Size } from "./ink";

export interface Places {
  x: Float32Array;
  y: Float32Array;
  /** Half the width of a dot. */
  radius: number;
  /** Null if no position is known. */
  scale: MapScale | null;
  /** Where the grid of cells without a position begins; the height if there are none. */
  gridTop: number;
}

const MARGIN = 8;
const LABEL = 16;
const LARGEST_STEP = 20;
const STRIP_STEP = 11;

/** Places all cells in a picture. */
export function placed(cells: Cells, { width, height }: Size): Places {
  const [x, y] = [new Float32Array(cells.size), new Float32Array(cells.size)];
  const known: number[] = [];
  const unknown: number[] = [];
  for (const cell of cells.order) (Number.isFinite(cells.x[cell]) ? known : unknown).push(cell);
  const room = width - 2 * MARGIN;
  const all = known.length === 0;
  const step = all
    ? Math.min(LARGEST_STEP, Math.sqrt((room * (height - 2 * MARGIN)) / unknown.length) * 0.94)
    : STRIP_STEP;
  const perRow = Math.max(1, Math.floor(room / step));
  const strip = Math.ceil(unknown.length / perRow) * step + (unknown.length && !all ? LABEL : 0);
  const gridTop = all ? MARGIN : Math.max(height - strip - MARGIN / 2, height / 3);
  unknown.forEach((cell, k) => {
    x[cell] = MARGIN + step * ((k % perRow) + 0.5);
    y[cell] = gridTop + (all ? 0 : LABEL) + step * (Math.floor(k / perRow) + 0.5);
  });
  const mapHeight = unknown.length ? gridTop : height;
  const scale = all ? null : MapScale.fitting(boundsOf(cells, known), { width, height: mapHeight });
  for (const cell of known) {
    x[cell] = scale?.x(cells.x[cell] as number) ?? 0;
    y[cell] = scale?.y(cells.depth[cell] as number) ?? 0;
  }
  const radius = all ? step * 0.38 : radiusOf(x, y, known);
  return { x, y, radius, scale, gridTop: unknown.length ? gridTop : height };
}

// Dots cover a part of the area in which they lie, whatever their number.
function radiusOf(x: Float32Array, y: Float32Array, rows: readonly number[]): number {
  const range = (places: Float32Array) => {
    const own = rows.map((row) => places[row] as number);
    return Math.max(...own) - Math.min(...own);
  };
  const share = Math.sqrt((range(x) * range(y)) / rows.length);
  return Math.max(1.6, Math.min(4.5, 0.36 * share));
}

function boundsOf(cells: Cells, rows: readonly number[]) {
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const cell of rows) {
    const [x, depth] = [cells.x[cell] as number, cells.depth[cell] as number];
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, depth);
    bounds.bottom = Math.max(bounds.bottom, depth);
  }
  return bounds;
}

/** The cell nearest to a point of the picture, within reach; -1 if there is none. */
export function cellNear({ x, y }: Places, atX: number, atY: number, reach: number): number {
  let [closest, least] = [-1, reach * reach];
  for (let cell = 0; cell < x.length; cell++) {
    const distance = ((x[cell] as number) - atX) ** 2 + ((y[cell] as number) - atY) ** 2;
    if (distance > least) continue;
    least = distance;
    closest = cell;
  }
  return closest;
}

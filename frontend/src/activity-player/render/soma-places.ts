// Where the cells are on a map: at their somata, or in a grid if their positions are not known.
import type { Cells } from "../data/networks";
import type { Size } from "./ink";

export interface Places {
  x: Float32Array;
  y: Float32Array;
  /** Half the width of a dot. */
  radius: number;
  /** The height of a depth in um; null if no position is known. */
  scale: { y(um: number): number } | null;
  /** Where the grid of cells without a position begins; the height if there are none. */
  gridTop: number;
}

const MARGIN = 8;
const LABEL = 16;
/** Room at the right for the names of the layers. */
const NAMES = 24;
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
  // Positions have the same scale in both directions, and what is left over is at both sides.
  const [left, right] = rangeOf(cells.x, known);
  const [top, bottom] = rangeOf(cells.depth, known);
  const factor = Math.min(
    (room - NAMES) / Math.max(right - left, 1),
    (mapHeight - 2 * MARGIN) / Math.max(bottom - top, 1),
  );
  const toX = (um: number) => (width - NAMES) / 2 + (um - (left + right) / 2) * factor;
  const toY = (um: number) => mapHeight / 2 + (um - (top + bottom) / 2) * factor;
  for (const cell of known) {
    x[cell] = toX(cells.x[cell] as number);
    y[cell] = toY(cells.depth[cell] as number);
  }
  const scale = all ? null : { y: toY };
  const radius = all ? step * 0.38 : radiusOf(x, y, known);
  return { x, y, radius, scale, gridTop: unknown.length ? gridTop : height };
}

// Dots cover a part of the area in which they lie, whatever their number.
function radiusOf(x: Float32Array, y: Float32Array, rows: readonly number[]): number {
  const [left, right] = rangeOf(x, rows);
  const [top, bottom] = rangeOf(y, rows);
  const share = Math.sqrt(((right - left) * (bottom - top)) / rows.length);
  return Math.max(1.6, Math.min(4.5, 0.36 * share));
}

function rangeOf(values: ArrayLike<number>, rows: readonly number[]): [number, number] {
  const own = rows.map((row) => values[row] as number);
  return [Math.min(...own), Math.max(...own)];
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

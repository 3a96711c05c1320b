// What a pixel holds if it stands for several entries.
import type { Frame } from "../render/plot-frame";
import type { Place, Store } from "../store";
import { firstFrom } from "./ordered-matrix";

export interface PixelContents {
  /** Rows and columns that are drawn in the pixel. */
  rows: number;
  columns: number;
  /** Number of connections among them. */
  connected: number;
  /** The connection with the largest value. */
  strongest: Place | null;
}

/** The entries of the pixel at a point of the plot, by the rule of raster.ts; null if it has one. */
export function pixelContents(
  store: Store,
  frame: Frame,
  ratio: number,
  x: number,
  y: number,
): PixelContents | null {
  const { window, layout, steps } = store;
  const rows = drawnAt((y - frame.top) * ratio, frame.plotHeight * ratio, [
    window.top,
    window.bottom,
  ]);
  const columns = drawnAt((x - frame.left) * ratio, frame.plotWidth * ratio, [
    window.left,
    window.right,
  ]);
  const size = [rows[1] - rows[0], columns[1] - columns[0]] as const;
  if (size[0] <= 1 && size[1] <= 1) return null;
  const contents: PixelContents = {
    rows: Math.max(1, size[0]),
    columns: Math.max(1, size[1]),
    connected: 0,
    strongest: null,
  };
  let highest = 0;
  for (let row = Math.max(0, rows[0]); row < Math.min(layout.nRows, rows[1]); row++) {
    const until = firstFrom(layout, row, columns[1]);
    for (let at = firstFrom(layout, row, columns[0]); at < until; at++) {
      contents.connected += 1;
      if ((steps[at] as number) <= highest) continue;
      highest = steps[at] as number;
      contents.strongest = { row, column: layout.places[at] as number };
    }
  }
  return contents;
}

/** Start and one past the end of the places on an axis that are drawn in a pixel. */
function drawnAt(at: number, length: number, [first, end]: [number, number]): [number, number] {
  const perPixel = (end - first) / length;
  const pixel = Math.floor(at);
  const stop = Math.ceil(first + (pixel + 1) * perPixel - ROUNDING);
  if (perPixel <= 1) return [stop - 1, stop];
  // The first pixel also has the entry that is cut by the edge.
  return [pixel <= 0 ? Math.floor(first) : Math.ceil(first + pixel * perPixel - ROUNDING), stop];
}

const ROUNDING = 1e-9;

// What a click means where entries are too small to be hit.
import { entrySize, type Frame, xOf, yOf } from "../render/plot-frame";
import type { Place, Store } from "../store";
import { firstFrom } from "./ordered-matrix";

/** From this size on, in CSS pixels, entries are seen as boxes, and an empty one can be chosen. */
const BOX_PX = 6;

/** Whether entries are so large that each can be hit. */
export function areBoxes(frame: Frame, store: Store): boolean {
  const { across, down } = entrySize(frame, store.window);
  return Math.min(across, down) >= BOX_PX;
}

/** The connection in view nearest to a point, within `reach` CSS pixels; null if there is none. */
export function nearestConnection(
  store: Store,
  frame: Frame,
  { x, y }: { x: number; y: number },
  reach: number,
): Place | null {
  const { layout, window, steps, visible } = store;
  const { across, down } = entrySize(frame, window);
  const column = window.left + (x - frame.left) / across;
  const row = window.top + (y - frame.top) / down;
  const range = (at: number, far: number, [first, end]: readonly [number, number]) =>
    [Math.max(first, Math.floor(at - far)), Math.min(end, Math.floor(at + far) + 1)] as const;
  const rows = range(row, reach / down, visible.rows);
  const columns = range(column, reach / across, visible.columns);
  let best: { place: Place; away: number; step: number } | null = null;
  for (let at = rows[0]; at < rows[1]; at++) {
    const vertical = gap(y, yOf(frame, window, at), down);
    const until = firstFrom(layout, at, columns[1]);
    for (let index = firstFrom(layout, at, columns[0]); index < until; index++) {
      const place = { row: at, column: layout.places[index] as number };
      const away = Math.hypot(vertical, gap(x, xOf(frame, window, place.column), across));
      const step = steps[index] as number;
      if (away > reach || (best && (away > best.away || (away === best.away && step <= best.step))))
        continue;
      best = { place, away, step };
    }
  }
  return best?.place ?? null;
}

/** Distance from a position to an interval; 0 inside. */
function gap(at: number, begin: number, length: number): number {
  return Math.max(begin - at, at - begin - length, 0);
}

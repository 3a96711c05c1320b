// The dividers between the columns, and the widths that they leave.
import { EXPLORER_COLUMNS, NARROWEST_COLUMN } from "../shared/contract";
import { divider } from "../shared/divider";

export type Columns = readonly [number, number, number];

const STEP = 2;

/** The columns after the divider behind column `place` was moved to `at` (percent of the whole). */
export function moved(columns: Columns, place: 0 | 1, at: number): Columns {
  const [left, middle, right] = columns;
  const [before, both] = place === 0 ? [0, left + middle] : [left, middle + right];
  const highest = both - NARROWEST_COLUMN;
  const width = rounded(Math.min(Math.max(at - before, NARROWEST_COLUMN), highest));
  const rest = rounded(both - width);
  return place === 0 ? [width, rest, right] : [left, width, rest];
}

export interface Dividers {
  /** The two dividers, in order. */
  elements: HTMLElement[];
  show(columns: Columns): void;
}

/** `resize` is called during a movement, `settle` at its end. */
export function dividers(
  grid: HTMLElement,
  current: () => Columns,
  resize: (columns: Columns) => void,
  settle: (columns: Columns) => void,
): Dividers {
  const elements = ([0, 1] as const).map((place) => {
    const at = ([left, middle]: Columns) => (place === 0 ? left : left + middle);
    let [first, now] = [current(), current()];
    const attributes = {
      class: "mwx-divider",
      "aria-label": place === 0 ? "Between cells and neuron" : "Between neuron and matrix",
    };
    return divider(true, attributes, {
      start() {
        first = now = current();
      },
      drag(dx) {
        now = moved(first, place, at(first) + (100 * dx) / grid.clientWidth);
        resize(now);
      },
      settle: () => settle(now),
      step: (steps) => settle(moved(current(), place, at(current()) + STEP * steps)),
      reset: () => settle(EXPLORER_COLUMNS),
    });
  });
  const show = (columns: Columns) => {
    const [left, middle] = columns;
    const set = (el: HTMLElement | undefined, now: number, low: number, high: number) => {
      el?.setAttribute("aria-valuenow", String(Math.round(now)));
      el?.setAttribute("aria-valuemin", String(Math.round(low)));
      el?.setAttribute("aria-valuemax", String(Math.round(high)));
    };
    set(elements[0], left, NARROWEST_COLUMN, left + middle - NARROWEST_COLUMN);
    set(elements[1], left + middle, left + NARROWEST_COLUMN, 100 - NARROWEST_COLUMN);
    const tracks = columns.map((width) => `minmax(0, ${width}fr)`);
    grid.style.setProperty("--mwx-columns", tracks.join(" var(--mwx-divider) "));
  };
  return { elements, show };
}

function rounded(width: number): number {
  return Math.round(10 * width) / 10;
}

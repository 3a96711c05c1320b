// The dividers between the columns, and the widths that they leave.
import { EXPLORER_COLUMNS, NARROWEST_COLUMN } from "../shared/contract";
import { divider } from "../shared/divider";
import { listen } from "../shared/dom";

export type Columns = readonly [number, number, number];

const STEP = 2;
/** A narrower part cannot be used; in CSS pixels. */
const NARROWEST_PART = 240;

/** The narrowest columns that the dividers leave in an explorer of this width, in percent. */
export function narrowestIn(width: number): Columns {
  // In a narrow explorer, a column of a new one may be narrower.
  const least = (share: number) =>
    Math.max(NARROWEST_COLUMN, rounded(Math.min((100 * NARROWEST_PART) / width, share)));
  const [left, middle, right] = EXPLORER_COLUMNS;
  return [least(left), least(middle), least(right)];
}

/** The columns after the divider behind column `place` was moved to `at` (percent of the whole). */
export function moved(columns: Columns, place: 0 | 1, at: number, narrowest: Columns): Columns {
  const [left, middle, right] = columns;
  const [before, both] = place === 0 ? [0, left + middle] : [left, middle + right];
  const [least, leastBehind] = place === 0 ? narrowest : [narrowest[1], narrowest[2]];
  // Columns that Python set may both be too narrow for this window.
  if (both < least + leastBehind) return columns;
  const width = rounded(Math.min(Math.max(at - before, least), both - leastBehind));
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
  const narrowest = () => narrowestIn(grid.clientWidth);
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
        now = moved(first, place, at(first) + (100 * dx) / grid.clientWidth, narrowest());
        resize(now);
      },
      settle: () => settle(now),
      step: (steps) => settle(moved(current(), place, at(current()) + STEP * steps, narrowest())),
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
    const [first, second, third] = narrowest();
    set(elements[0], left, first, left + middle - second);
    set(elements[1], left + middle, left + second, 100 - third);
    // The least widths also hold in a window that is narrower than that in which they were moved.
    const all = "(100% - 2 * var(--mwx-divider))";
    const tracks = columns.map((width, place) => {
      const share = (EXPLORER_COLUMNS[place] as number) / 100;
      return `minmax(min(${NARROWEST_PART}px, ${share} * ${all}), ${width}fr)`;
    });
    grid.style.setProperty("--mwx-columns", tracks.join(" var(--mwx-divider) "));
  };
  // The limits depend on the width, which is not known before the explorer is on the page.
  listen(grid, "focusin", () => show(current()));
  return { elements, show };
}

function rounded(width: number): number {
  return Math.round(10 * width) / 10;
}

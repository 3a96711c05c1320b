// The dividers between the columns: dragged with mouse or finger, or moved with the arrow keys.
import { EXPLORER_COLUMNS, NARROWEST_COLUMN } from "../shared/contract";
import { h, listen } from "../shared/dom";

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
    const el = h("div", {
      class: "mwx-divider",
      role: "separator",
      tabindex: 0,
      "aria-orientation": "vertical",
      "aria-label": place === 0 ? "Between cells and neuron" : "Between neuron and matrix",
    });
    let dragged: Columns | undefined;
    listen(el, "pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      el.focus();
      el.setPointerCapture(event.pointerId);
      dragged = current();
    });
    listen(el, "pointermove", (event) => {
      if (!dragged) return;
      const box = grid.getBoundingClientRect();
      dragged = moved(dragged, place, (100 * (event.clientX - box.left)) / box.width);
      resize(dragged);
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      listen(el, end, () => {
        if (dragged) settle(dragged);
        dragged = undefined;
      });
    }
    listen(el, "dblclick", () => settle(EXPLORER_COLUMNS));
    listen(el, "keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const columns = current();
      const at = place === 0 ? columns[0] : columns[0] + columns[1];
      const to = { ArrowLeft: at - STEP, ArrowRight: at + STEP, Home: 0, End: 100 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      settle(moved(columns, place, to));
    });
    return el;
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

// Controls the matrix by keyboard.
import { listen } from "../../shared/dom";
import { firstFrom } from "../data/ordered-matrix";
import { zoomed } from "../data/visible-window";
import type { Place, Store } from "../store";
import { describePlace } from "./descriptions";
import { selectRectangle } from "./pointer";

const STEPS: Record<string, [down: number, across: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const ZOOM: Record<string, number> = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, _: 1 / 1.5 };

export function listenToKeys(
  view: { readonly plot: HTMLElement },
  store: Store,
  announce: (text: string) => void,
): void {
  let anchor: Place | null = null;

  const go = (place: Place) => {
    store.point(inside(store, place), true);
    if (store.cross) announce(describePlace(store, store.cross));
  };
  const act = (event: KeyboardEvent): boolean => {
    const step = STEPS[event.key];
    const at = store.cross ?? middle(store);
    if (step) {
      const far = event.ctrlKey || event.metaKey;
      const { rows, columns } = store.visible;
      const [down, across] = far ? [tenth(rows), tenth(columns)] : [1, 1];
      if (event.shiftKey) anchor ??= at;
      else anchor = null;
      // The first arrow key only shows the cross-hair.
      const { row, column } = at;
      go(store.cross ? { row: row + step[0] * down, column: column + step[1] * across } : at);
      if (event.shiftKey && anchor && store.cross) selectRectangle(store, anchor, store.cross);
      return true;
    }
    const factor = ZOOM[event.key];
    if (factor) {
      const { layout, window } = store;
      const about = { row: at.row + 0.5, column: at.column + 0.5 };
      const both = { across: factor, down: factor };
      store.look(zoomed(window, both, about, layout.nRows, layout.nColumns));
      return true;
    }
    switch (event.key) {
      case "0":
        store.lookAtAll();
        return true;
      case "Enter":
      case " ":
        store.point(at, true);
        store.choose(at);
        return true;
      case "Escape":
        store.select(null, null);
        store.closePair();
        return true;
      case "Home":
        go({ row: at.row, column: 0 });
        return true;
      case "End":
        go({ row: at.row, column: store.layout.nColumns - 1 });
        return true;
      case "PageUp":
      case "PageDown":
        go({
          row: at.row + (event.key === "PageUp" ? -1 : 1) * size(store.visible.rows),
          column: at.column,
        });
        return true;
      case "n":
      case "p": {
        const place = neighbour(store, event.key === "n");
        if (place) go(place);
        else announce("No further connection in view.");
        return true;
      }
    }
    return false;
  };
  listen(view.plot, "keydown", (event) => {
    if (event.target !== view.plot || !act(event)) return;
    event.preventDefault();
  });
}

function middle(store: Store): Place {
  const { rows, columns } = store.visible;
  return {
    row: Math.floor((rows[0] + rows[1] - 1) / 2),
    column: Math.floor((columns[0] + columns[1] - 1) / 2),
  };
}

function inside(store: Store, { row, column }: Place): Place {
  const { nRows, nColumns } = store.layout;
  return {
    row: Math.min(Math.max(row, 0), nRows - 1),
    column: Math.min(Math.max(column, 0), nColumns - 1),
  };
}

/** The next or previous connection in view, row by row; null if there is no further one. */
function neighbour(store: Store, forward: boolean): Place | null {
  const { layout, cross, visible } = store;
  const { rows, columns } = visible;
  const isIn = (place: Place | null): place is Place =>
    place !== null && isWithin(place.row, rows) && isWithin(place.column, columns);
  // From outside the view: from its first or last place.
  const before = { row: rows[0], column: columns[0] - 1 };
  const after = { row: rows[1] - 1, column: columns[1] };
  const at = isIn(cross) ? cross : forward ? before : after;
  const step = forward ? 1 : -1;
  let index = firstFrom(layout, at.row, forward ? at.column + 1 : at.column) - (forward ? 0 : 1);
  for (let row = at.row; isWithin(row, rows); index += step) {
    while (row < rows[1] && index >= (layout.begin[row + 1] as number)) row += 1;
    while (row >= rows[0] && index < (layout.begin[row] as number)) row -= 1;
    const place = { row, column: layout.places[index] ?? -1 };
    if (isIn(place)) return place;
  }
  return null;
}

function isWithin(at: number, [first, end]: readonly [number, number]): boolean {
  return at >= first && at < end;
}

function size([first, end]: readonly [number, number]): number {
  return end - first;
}

function tenth(range: readonly [number, number]): number {
  return Math.max(1, Math.round(size(range) / 10));
}

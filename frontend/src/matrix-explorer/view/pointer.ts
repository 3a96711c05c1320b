// Mouse, pen and touch on the matrix: point, choose, pan, zoom, select.
import { LARGEST_SELECTION } from "../../shared/contract";
import { listen } from "../../shared/dom";
import { areBoxes, nearestConnection } from "../data/nearest-connection";
import { pixelContents } from "../data/pixel-contents";
import { moved, zoomed } from "../data/visible-window";
import { entryAtPoint, entrySize, type Frame, headerAtPoint } from "../render/plot-frame";
import type { Place, Store } from "../store";

/** What pointer input needs of the view. */
export interface PointerTarget {
  readonly plot: HTMLElement;
  readonly frame: Frame;
  readonly ratio: number;
  readonly dragSelects: boolean;
  /** Where the mouse is, for the tooltip; null where there is none. */
  mouse: { x: number; y: number } | null;
  /** Says that a click chose nothing, until the pointer is on a connection. */
  note: string;
  brush: { rows: [number, number]; columns: [number, number] } | null;
}

// A click may move by this much.
const CLICK_PX = 4;
// A click on small entries chooses the nearest connection within this distance, in CSS pixels.
const REACH = { mouse: 4, touch: 6 };
const NOTHING_HERE = "No connection here; click a coloured entry to choose its pair.";

export function listenToPointer(view: PointerTarget, store: Store): void {
  const { plot } = view;
  const fingers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number; place: Place | null; dragSelects: boolean } | null = null;
  let dragged = false;
  // After a click, and until the pointer leaves, the wheel zooms. The focus does not count: it may
  // stay long after the pointer has left.
  let engaged = false;

  const point = (event: MouseEvent) => {
    const box = plot.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const place = ({ x, y }: { x: number; y: number }) => {
    const { frame } = view;
    const inside = (value: number, low: number, length: number) =>
      Math.min(Math.max(value, low), low + length - 1e-3);
    return start
      ? entryAtPoint(
          frame,
          store.window,
          inside(x, frame.left, frame.plotWidth),
          inside(y, frame.top, frame.plotHeight),
        )
      : entryAtPoint(frame, store.window, x, y);
  };
  // The strongest of the connections in a pixel, if there are any; otherwise the entry itself.
  const target = (at: { x: number; y: number }) => {
    const exact = place(at);
    if (!exact) return null;
    return pixelContents(store, view.frame, view.ratio, at.x, at.y)?.strongest ?? exact;
  };
  // What a click chooses: as boxes, entries can be hit, and a pair without a connection is a choice.
  const chosen = (at: { x: number; y: number }, pointerType: string) => {
    const entry = target(at);
    if (!entry || areBoxes(view.frame, store) || store.entryAt(entry) >= 0) return entry;
    const reach = pointerType === "touch" ? REACH.touch : REACH.mouse;
    return nearestConnection(store, view.frame, at, reach);
  };
  const zoom = (at: { x: number; y: number }, across: number, down = across) => {
    const { frame } = view;
    const { window, layout } = store;
    const size = entrySize(frame, window);
    const about = {
      column: window.left + (at.x - frame.left) / size.across,
      row: window.top + (at.y - frame.top) / size.down,
    };
    store.look(zoomed(window, { across, down }, about, layout.nRows, layout.nColumns));
  };

  listen(plot, "pointerdown", (event) => {
    if (event.button !== 0) return;
    engaged = true;
    const at = point(event);
    fingers.set(event.pointerId, at);
    const first = place(at);
    plot.setPointerCapture(event.pointerId);
    start = {
      ...at,
      place: first,
      dragSelects: first !== null && (event.shiftKey || view.dragSelects),
    };
    dragged = false;
  });

  listen(plot, "pointermove", (event) => {
    const at = point(event);
    const before = fingers.get(event.pointerId);
    if (!before || !start) {
      view.mouse = event.pointerType === "touch" ? null : at;
      const entry = target(at);
      if (entry) {
        store.point(entry);
        // On a connection, what it is says more.
        if (store.entryAt(entry) >= 0) view.note = "";
      } else store.pointHeader(headerAtPoint(view.frame, store.window, at.x, at.y));
      return;
    }
    view.mouse = null;
    if (Math.hypot(at.x - start.x, at.y - start.y) > CLICK_PX) dragged = true;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, at);
    if (other) {
      const apart = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y);
      zoom({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, apart(at) / (apart(before) || 1));
    } else if (start.dragSelects && start.place) {
      view.brush = rectangle(start.place, place(at) ?? start.place);
    } else if (dragged) {
      store.point(null);
      const { window, layout } = store;
      const { across, down } = entrySize(view.frame, window);
      const [rows, columns] = [(before.y - at.y) / down, (before.x - at.x) / across];
      store.look(moved(window, rows, columns, layout.nRows, layout.nColumns));
    }
  });

  const end = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId) || !start || fingers.size > 0) return;
    const last = place(point(event)) ?? start.place;
    view.brush = null;
    if (event.type === "pointerup" && start.place && last) {
      if (start.dragSelects && dragged) selectRectangle(store, start.place, last);
      else if (!dragged) {
        const entry = chosen(start, event.pointerType);
        view.note = entry ? "" : NOTHING_HERE;
        if (entry) {
          store.point(entry);
          store.choose(entry);
        }
      }
    }
    start = null;
  };
  listen(plot, "pointerup", end);
  listen(plot, "pointercancel", end);
  listen(plot, "pointerleave", (event) => {
    if (!start) engaged = false;
    // A finger leaves with each tap.
    if (event.pointerType !== "touch") view.note = "";
    view.mouse = null;
    if (!start && !plot.matches(":focus")) store.point(null);
  });
  listen(plot, "dblclick", (event) => zoom(point(event), 2));
  listen(
    plot,
    "wheel",
    (event) => {
      // The page must keep scrolling when the pointer merely passes over the matrix.
      if (!event.ctrlKey && !engaged) return;
      event.preventDefault();
      const factor = 2 ** (-(event.deltaY || event.deltaX) / (event.deltaMode ? 6 : 300));
      zoom(point(event), event.altKey ? 1 : factor, event.shiftKey ? 1 : factor);
    },
    { passive: false },
  );
}

/** Selects the cells of the rectangle between two entries, unless there are too many. */
export function selectRectangle(store: Store, from: Place, to: Place): void {
  const { rows, columns } = rectangle(from, to);
  const n = Math.max(rows[1] - rows[0], columns[1] - columns[0]);
  if (n > LARGEST_SELECTION) {
    const most = LARGEST_SELECTION.toLocaleString("en");
    store.setStatus(
      `${n.toLocaleString("en")} cells are too many to select; the maximum is ${most}.`,
    );
    return;
  }
  store.setStatus("");
  store.select(rows, columns);
}

export function rectangle(a: Place, b: Place): PointerTarget["brush"] & object {
  return {
    rows: [Math.min(a.row, b.row), Math.max(a.row, b.row) + 1],
    columns: [Math.min(a.column, b.column), Math.max(a.column, b.column) + 1],
  };
}

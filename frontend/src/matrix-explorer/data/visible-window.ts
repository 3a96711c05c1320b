// The visible part of the matrix: rows and columns as shown, with fractions while it moves.

export interface Window {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The trait `view`; {} is the whole matrix. */
export interface View {
  rows?: [number, number];
  columns?: [number, number];
}

/** At least this many cells stay visible on an axis. */
const FEWEST_CELLS = 4;

export function whole(nRows: number, nColumns: number): Window {
  return { left: 0, right: Math.max(nColumns, 1), top: 0, bottom: Math.max(nRows, 1) };
}

export function isWhole(window: Window, nRows: number, nColumns: number): boolean {
  const all = whole(nRows, nColumns);
  return (
    window.left <= 0 && window.top <= 0 && window.right >= all.right && window.bottom >= all.bottom
  );
}

/** Zooms around a point; a factor above 1 zooms in. The axes can have different factors. */
export function zoomed(
  window: Window,
  factor: { across: number; down: number },
  at: { row: number; column: number },
  nRows: number,
  nColumns: number,
): Window {
  const [left, right] = scaled(window.left, window.right, at.column, factor.across, nColumns);
  const [top, bottom] = scaled(window.top, window.bottom, at.row, factor.down, nRows);
  return { left, right, top, bottom };
}

/** Moves the window by a number of cells, at most to the edge of the matrix. */
export function moved(
  window: Window,
  down: number,
  across: number,
  nRows: number,
  nColumns: number,
): Window {
  const [left, right] = within(window.left + across, window.right - window.left, nColumns);
  const [top, bottom] = within(window.top + down, window.bottom - window.top, nRows);
  return { left, right, top, bottom };
}

/** Moves the window as little as needed to show an entry. */
export function includingEntry(
  window: Window,
  row: number,
  column: number,
  nRows: number,
  nColumns: number,
): Window {
  const need = (place: number, first: number, end: number) =>
    place < first ? place - first : place + 1 > end ? place + 1 - end : 0;
  const down = need(row, window.top, window.bottom);
  const across = need(column, window.left, window.right);
  return down || across ? moved(window, down, across, nRows, nColumns) : window;
}

export function toView(window: Window, nRows: number, nColumns: number): View {
  if (isWhole(window, nRows, nColumns)) return {};
  const range = (first: number, end: number, length: number): [number, number] => {
    const from = Math.min(Math.max(0, Math.floor(first + 1e-6)), Math.max(length - 1, 0));
    return [from, Math.min(length, Math.max(from + 1, Math.ceil(end - 1e-6)))];
  };
  return {
    rows: range(window.top, window.bottom, nRows),
    columns: range(window.left, window.right, nColumns),
  };
}

export function fromView(view: View, nRows: number, nColumns: number): Window {
  const all = whole(nRows, nColumns);
  const [top, bottom] = view.rows ?? [all.top, all.bottom];
  const [left, right] = view.columns ?? [all.left, all.right];
  return { left, right, top, bottom };
}

function scaled(
  first: number,
  end: number,
  at: number,
  factor: number,
  length: number,
): [number, number] {
  const span = Math.min(Math.max((end - first) / factor, Math.min(FEWEST_CELLS, length)), length);
  const part = (at - first) / (end - first);
  return within(at - part * span, span, length);
}

function within(first: number, span: number, length: number): [number, number] {
  const from = Math.min(Math.max(0, first), Math.max(0, length - span));
  return [from, from + Math.max(span, Number.EPSILON)];
}

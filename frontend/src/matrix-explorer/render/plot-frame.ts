// Positions of the parts of the picture, in CSS pixels, and the entry at a point.
import type { Window } from "../data/visible-window";

export interface Frame {
  /** Size of the whole picture. */
  width: number;
  height: number;
  /** Position and size of the matrix in it. */
  left: number;
  top: number;
  plotWidth: number;
  plotHeight: number;
  /** Whether there is room for type names along the axes. */
  hasNames: boolean;
}

/** Width of the type strips, their distance from the matrix, and room for names above. */
export const STRIP = 8;
export const GAP = 2;
export const NAMES_ABOVE = 15;
const NAMES_LEFT = 62;
const MARGIN = { wide: 46, narrow: 26 };
const NARROW = 480;
const TALLEST = 620;
const LOWEST = 80;
const AXIS_TITLE = 15;

/** Positions for a width; the whole picture is at most `tallest` high. */
export function frameOf(
  width: number,
  nRows: number,
  nColumns: number,
  tallest = Number.POSITIVE_INFINITY,
): Frame {
  const hasNames = width >= NARROW;
  const margin = hasNames ? MARGIN.wide : MARGIN.narrow;
  const left = (hasNames ? NAMES_LEFT : AXIS_TITLE) + STRIP + GAP;
  const top = AXIS_TITLE + (hasNames ? NAMES_ABOVE : 0) + STRIP + GAP;
  const plotWidth = Math.max(80, Math.floor(width - left - margin));
  const ratio = nRows / Math.max(nColumns, 1);
  // If the matrix is far from square, equal scales would reduce it to a line.
  const natural = ratio > 0.5 && ratio < 2 ? plotWidth * ratio : 0.55 * plotWidth;
  const room = Math.max(LOWEST, Math.min(tallest - top - margin, TALLEST));
  const plotHeight = Math.round(Math.min(Math.max(natural, 180), room));
  return { width, height: top + plotHeight + margin, left, top, plotWidth, plotHeight, hasNames };
}

/** The entry at a point of the picture; null outside the matrix. */
export function entryAtPoint(
  frame: Frame,
  window: Window,
  x: number,
  y: number,
): { row: number; column: number } | null {
  const [across, down] = [(x - frame.left) / frame.plotWidth, (y - frame.top) / frame.plotHeight];
  if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) return null;
  return {
    row: Math.floor(window.top + down * (window.bottom - window.top)),
    column: Math.floor(window.left + across * (window.right - window.left)),
  };
}

/** The row or column beside which a point is, on its names or its strip; null elsewhere. */
export function headerAtPoint(
  frame: Frame,
  window: Window,
  x: number,
  y: number,
): { side: "pre" | "post"; place: number } | null {
  const along = entryAtPoint(frame, window, Math.max(x, frame.left), Math.max(y, frame.top));
  if (!along) return null;
  if (x < frame.left && y >= frame.top) return { side: "pre", place: along.row };
  if (y < frame.top && x >= frame.left) return { side: "post", place: along.column };
  return null;
}

/** Size of one entry in CSS pixels. */
export function entrySize(frame: Frame, window: Window): { across: number; down: number } {
  return {
    across: frame.plotWidth / (window.right - window.left),
    down: frame.plotHeight / (window.bottom - window.top),
  };
}

/** Whether entries are smaller than device pixels, so that some share one. */
export function shares(frame: Frame, window: Window, ratio: number): boolean {
  const { across, down } = entrySize(frame, window);
  return across * ratio < 1 || down * ratio < 1;
}

export function xOf(frame: Frame, window: Window, column: number): number {
  return frame.left + (column - window.left) * entrySize(frame, window).across;
}

export function yOf(frame: Frame, window: Window, row: number): number {
  return frame.top + (row - window.top) * entrySize(frame, window).down;
}

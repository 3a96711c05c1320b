// The soma map's scale: um (x across, depth downwards) to pixels, the same in both directions.

export interface Size {
  width: number;
  height: number;
}

export interface Bounds {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const MARGIN = { left: 34, right: 8, top: 20, bottom: 10 };
const LARGEST_ZOOM = 40;

export class MapScale {
  /** Pixels per um. */
  readonly factor: number;
  readonly #left: number;
  readonly #top: number;

  constructor(factor: number, left: number, top: number) {
    this.factor = factor;
    this.#left = left;
    this.#top = top;
  }

  /** The scale at which everything is visible and centred. */
  static fitting(bounds: Bounds, { width, height }: Size): MapScale {
    const across = Math.max(bounds.right - bounds.left, 1);
    const down = Math.max(bounds.bottom - bounds.top, 1);
    const roomAcross = width - MARGIN.left - MARGIN.right;
    const roomDown = height - MARGIN.top - MARGIN.bottom;
    const factor = Math.max(Math.min(roomAcross / across, roomDown / down), 1e-6);
    const left = (bounds.left + bounds.right - roomAcross / factor) / 2 - MARGIN.left / factor;
    const top = (bounds.top + bounds.bottom - roomDown / factor) / 2 - MARGIN.top / factor;
    return new MapScale(factor, left, top);
  }

  x(um: number): number {
    return (um - this.#left) * this.factor;
  }

  y(um: number): number {
    return (um - this.#top) * this.factor;
  }

  /** Position of a pixel, in um. */
  at(x: number, y: number): [number, number] {
    return [this.#left + x / this.factor, this.#top + y / this.factor];
  }

  /** Zooms in by a factor around a pixel, or out, but no farther than `whole`. */
  zoomed(by: number, x: number, y: number, whole: MapScale): MapScale {
    const factor = Math.min(this.factor * by, whole.factor * LARGEST_ZOOM);
    if (factor <= whole.factor) return whole;
    const [left, top] = this.at(x, y);
    return new MapScale(factor, left - x / factor, top - y / factor);
  }

  moved(dx: number, dy: number): MapScale {
    return new MapScale(this.factor, this.#left - dx / this.factor, this.#top - dy / this.factor);
  }
}

/** The row nearest to a position, at most `within` away (both um); -1 if there is none. */
export function nearest(
  x: ArrayLike<number>,
  depth: ArrayLike<number>,
  rows: Iterable<number>,
  [atX, atDepth]: readonly [number, number],
  within: number,
): number {
  let closest = -1;
  let least = within * within;
  for (const row of rows) {
    const dx = (x[row] ?? Number.NaN) - atX;
    const dy = (depth[row] ?? Number.NaN) - atDepth;
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      closest = row;
    }
  }
  return closest;
}

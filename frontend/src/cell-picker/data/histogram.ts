// Histograms of number columns: values fall into bins once, counts follow the filters.
import type { Numbers } from "../../shared/columns";

export const BINS = 32;
const MISSING = 255;

/** From values to the histogram's width, 0 to 1, and back. */
export interface Scale {
  low: number;
  high: number;
  toUnit(value: number): number;
  fromUnit(part: number): number;
}

/** A scale over all finite values. Counts spread over decades: their logarithm is drawn. */
export function scaleOf(values: Numbers, logarithmic: boolean): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 0];
  const start = low;
  const forth = logarithmic ? (value: number) => Math.log1p(value - start) : (v: number) => v;
  const back = logarithmic ? (part: number) => start + Math.expm1(part) : (part: number) => part;
  const [from, to] = [forth(low), forth(high)];
  const span = to - from || 1;
  return {
    low,
    high,
    toUnit: (value) => (forth(value) - from) / span,
    fromUnit: (part) => back(from + part * span),
  };
}

/** The bin of every value; `BINS` or more for one that is missing. */
export function binned(values: Numbers, scale: Scale): Uint8Array {
  // Loops here and not from() with a function, which is five times slower at 91,000 values.
  const bins = new Uint8Array(values.length).fill(MISSING);
  for (let row = 0; row < bins.length; row++) {
    const bin = Math.floor(scale.toUnit(values[row] ?? Number.NaN) * BINS);
    if (!Number.isNaN(bin)) bins[row] = Math.min(BINS - 1, bin);
  }
  return bins;
}

// Histograms of number columns: values are assigned to bins once, counts follow the filters.
import type { Numbers } from "../../shared/columns";

export const BINS = 32;
const MISSING = 255;

/** Converts values to positions across the histogram, 0 to 1, and back. */
export interface Scale {
  low: number;
  high: number;
  toUnit(value: number): number;
  fromUnit(part: number): number;
}

/** A scale over all finite values; logarithmic for counts, which span several decades. */
export function scaleOf(values: Numbers, logarithmic: boolean): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 0];
  const start = low;
  const forward = logarithmic ? (value: number) => Math.log1p(value - start) : (v: number) => v;
  const backward = logarithmic
    ? (part: number) => start + Math.expm1(part)
    : (part: number) => part;
  const [from, to] = [forward(low), forward(high)];
  const span = to - from || 1;
  return {
    low,
    high,
    toUnit: (value) => (forward(value) - from) / span,
    fromUnit: (part) => backward(from + part * span),
  };
}

/** The bin of every value; `BINS` or more if the value is missing. */
export function binned(values: Numbers, scale: Scale): Uint8Array {
  // A loop: from() with a function is five times slower for 91,000 values.
  const bins = new Uint8Array(values.length).fill(MISSING);
  for (let row = 0; row < bins.length; row++) {
    const bin = Math.floor(scale.toUnit(values[row] ?? Number.NaN) * BINS);
    if (!Number.isNaN(bin)) bins[row] = Math.min(BINS - 1, bin);
  }
  return bins;
}

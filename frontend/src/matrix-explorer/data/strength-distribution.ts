// The distribution of connection strengths: a histogram on a logarithmic axis, and a log-normal fit.

import { type Value, valuesOf } from "./connection-values";
import type { MatrixData } from "./matrix-data";

export const BINS = 40;

export interface Distribution {
  n: number;
  /** Mean and standard deviation of log10: the maximum-likelihood log-normal fit. */
  mean: number;
  spread: number;
  /** Ends of the axis, as log10. */
  low: number;
  high: number;
  bins: Uint32Array;
}

/** The strength on the axis: summed size for values that have no distribution of their own. */
export function strengthOf(value: Value, hasSizes = true): Exclude<Value, "binary" | "log10_sum"> {
  if (!hasSizes) return "count";
  return value === "binary" || value === "log10_sum" ? "sum" : value;
}

/** log10 of the strengths of all connections; -Infinity for a strength of 0. */
export function logStrengths(data: MatrixData, value: Value): Float32Array {
  return Float32Array.from(valuesOf(data, strengthOf(value)), Math.log10);
}

/** The distribution of some connections, on an axis that fits them. */
export function distributionOf(logs: Float32Array, entries: ArrayLike<number>): Distribution {
  const bins = new Uint32Array(BINS);
  let [n, sum, squares] = [0, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < entries.length; k++) {
    const log = logs[entries[k] as number] as number;
    if (log === Number.NEGATIVE_INFINITY) continue;
    n += 1;
    sum += log;
    if (log < low) low = log;
    if (log > high) high = log;
  }
  if (n === 0) return { n, mean: Number.NaN, spread: Number.NaN, low: 0, high: 1, bins };
  const mean = sum / n;
  const scale = high > low ? BINS / (high - low) : 0;
  for (let k = 0; k < entries.length; k++) {
    const log = logs[entries[k] as number] as number;
    if (log === Number.NEGATIVE_INFINITY) continue;
    squares += (log - mean) ** 2;
    const bin = Math.min(BINS - 1, Math.floor((log - low) * scale));
    bins[bin] = (bins[bin] as number) + 1;
  }
  return { n, mean, spread: Math.sqrt(squares / n), low, high, bins };
}

/** Number of connections that the fit expects in a bin centred at a log10. */
export function expected(strengths: Distribution, log: number): number {
  const { n, mean, spread, low, high } = strengths;
  if (!(spread > 0)) return 0;
  const density = Math.exp(-0.5 * ((log - mean) / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));
  return (density * n * (high - low)) / BINS;
}

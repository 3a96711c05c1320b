// What a field says of a connection: one of the values of Python's ConnectivityMatrix.
import type { MatrixData } from "./matrix-data";

export type Value = "binary" | "count" | "sum" | "mean" | "max" | "log10_sum";

/** As `VALUES` in matrix.py. */
export const VALUES: Record<Value, string> = {
  binary: "connected or not",
  count: "number of synapses",
  sum: "summed synapse size (voxels)",
  mean: "mean synapse size (voxels)",
  max: "largest synapse size (voxels)",
  log10_sum: "log10 of summed synapse size (voxels)",
};

/** The same in few words, for a list to choose from. */
export const SHORT_NAMES: Record<Value, string> = {
  binary: "connected",
  count: "number of synapses",
  sum: "summed size",
  mean: "mean size",
  max: "largest size",
  log10_sum: "log10 of summed size",
};

/** The value of one connection, exactly. */
export function valueAt(data: MatrixData, value: Value, entry: number): number {
  const total = data.total[entry] as number;
  switch (value) {
    case "binary":
      return 1;
    case "count":
      return data.count[entry] as number;
    case "sum":
      return total;
    case "mean":
      return total / (data.count[entry] as number);
    case "max":
      return data.largest[entry] as number;
    case "log10_sum":
      // A size of 0 is a connection all the same: as in matrix.py.
      return Math.log10(Math.max(total, 1));
  }
}

/** Values as steps of a colour scale: 1 for the lowest, 255 for the highest; 0 is no connection. */
export interface Levels {
  steps: Uint8Array;
  low: number;
  high: number;
}

export function levelsOf(data: MatrixData, value: Value): Levels {
  const values = valuesOf(data, value);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let entry = 0; entry < values.length; entry++) {
    const here = values[entry] as number;
    if (here < low) low = here;
    if (here > high) high = here;
  }
  if (low > high) [low, high] = [0, 1];
  const steps = new Uint8Array(values.length);
  for (let entry = 0; entry < values.length; entry++) {
    steps[entry] = stepOf(values[entry] as number, low, high);
  }
  return { steps, low, high };
}

/** The values of all connections; those that are in the data as they are are not copied. */
export function valuesOf(data: MatrixData, value: Value): ArrayLike<number> {
  if (value === "count") return data.count;
  if (value === "max") return data.largest;
  if (value === "sum") return data.total;
  return Float64Array.from(data.places, (_, entry) => valueAt(data, value, entry));
}

/** The step of a value between the lowest and the highest; where both are one, the strongest. */
export function stepOf(value: number, low: number, high: number): number {
  return high > low ? 1 + Math.round((254 * (value - low)) / (high - low)) : 255;
}

/** What is added up at the margins: for sizes the summed size, whichever of them is shown. */
export function weightOf(value: Value): "binary" | "count" | "sum" {
  return value === "binary" || value === "count" ? value : "sum";
}

/** What the sums at the margins count. */
export const WEIGHTS = {
  binary: "partners",
  count: "synapses",
  sum: "summed size",
} as const;

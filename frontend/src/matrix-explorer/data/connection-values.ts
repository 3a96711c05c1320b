// The values that an entry can represent, as in Python's ConnectivityMatrix.
import type { VALUE_TITLES } from "../../shared/contract";
import type { MatrixData } from "./matrix-data";

export type Value = keyof typeof VALUE_TITLES;

/** Titles so short that a narrow list shows the whole of the chosen one. */
export const SHORT_NAMES: Record<Value, string> = {
  binary: "connected",
  count: "synapses",
  sum: "summed size",
  mean: "mean size",
  max: "largest size",
  log10_sum: "log size",
};

/** The exact value of one connection. */
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
      // A connection of size 0 is still a connection, as in Python.
      return Math.log10(Math.max(total, 1));
  }
}

/** Values as steps of a colour scale: 1 (lowest) to 255 (highest); 0 means no connection. */
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

/** The values of all connections; not a copy if the data contain them. */
export function valuesOf(data: MatrixData, value: Value): ArrayLike<number> {
  if (value === "count") return data.count;
  if (value === "max") return data.largest;
  if (value === "sum") return data.total;
  return Float64Array.from(data.places, (_, entry) => valueAt(data, value, entry));
}

/** The step of a value between the lowest and the highest; 255 if these are equal. */
export function stepOf(value: number, low: number, high: number): number {
  return high > low ? 1 + Math.round((254 * (value - low)) / (high - low)) : 255;
}

/** What the margins sum up: synapse size, whichever measure of size is shown. */
export function weightOf(value: Value): "binary" | "count" | "sum" {
  return value === "binary" || value === "count" ? value : "sum";
}

/** What the sums in the margins count. */
export const WEIGHTS = {
  binary: "partners",
  count: "synapses",
  sum: "summed size",
} as const;

// Simulates a network's rates, tau dr/dt = -r + max(0, W r + s), by Euler's method in slices of
// time, exactly as microns_widgets/dynamics/simulation.py does; a test compares.
import { add, type Cells, type Network } from "./networks";

/** Most values of one network that are kept for the picture; more steps share one. */
const MOST_VALUES = 8_000_000;

export interface Drive {
  /** Factor on all weights. */
  gain: number;
  /** Each cell's inhibition as a multiple of its excitation; null leaves it as it is. */
  inhibition: number | null;
  /** Input to each cell during the stimulus. */
  level: Float64Array;
  /** First and last step of the stimulus. */
  first: number;
  last: number;
  steps: number;
  /** Time step divided by tau. */
  step: number;
  rectified: boolean;
}

/** The weights of a network with another gain and balance; see `SignedNetwork.balanced`. */
export function scaledWeights(network: Network, gain: number, ratio: number | null): Float64Array {
  const { begin, weight, excitation, inhibition } = network;
  const scaled = new Float64Array(weight.length);
  for (let cell = 0; cell + 1 < begin.length; cell++) {
    const own = inhibition[cell] as number;
    const factor = ratio === null || own === 0 ? 1 : (ratio * (excitation[cell] as number)) / own;
    for (let entry = begin[cell] as number; entry < (begin[cell + 1] as number); entry++) {
      const value = weight[entry] as number;
      scaled[entry] = (value < 0 ? value * factor : value) * gain;
    }
  }
  return scaled;
}

/** A simulation that is advanced slice by slice. */
export class Run {
  /** Rates of all cells, frame by frame; a frame is a step, or one of `stride` steps. */
  readonly rates: Float32Array;
  readonly stride: number;
  readonly frames: number;
  /** Mean rate of the cells of each type at each step, type by type. */
  readonly means: Float32Array;
  /** Mean rate of the excitatory cells, or of all if there are none, at each step. */
  readonly measured: Float64Array;
  readonly drive: Drive;
  /** The step from which on rates are not finite, if there is one. */
  diverged = -1;
  done = 0;
  readonly #network: Network;
  readonly #cells: Cells;
  readonly #weights: Float64Array;
  readonly #counts: Float64Array;
  readonly #excitatory: boolean;
  #now: Float64Array;
  #next: Float64Array;

  constructor(cells: Cells, network: Network, drive: Drive) {
    const n = cells.size;
    const { steps } = drive;
    this.#cells = cells;
    this.#network = network;
    this.drive = drive;
    this.#weights = scaledWeights(network, drive.gain, drive.inhibition);
    this.stride = Math.max(1, Math.ceil((steps * n) / MOST_VALUES));
    this.frames = Math.ceil(steps / this.stride);
    this.rates = new Float32Array(this.frames * n);
    const types = cells.types.labels.length;
    this.means = new Float32Array(types * steps);
    this.measured = new Float64Array(steps);
    this.#counts = new Float64Array(types);
    for (const code of cells.types.codes) add(this.#counts, code, 1);
    this.#excitatory = cells.sign.some((sign) => sign === 1);
    this.#now = new Float64Array(n);
    this.#next = new Float64Array(n);
    this.done = 1;
  }

  get finished(): boolean {
    return this.diverged >= 0 || this.done >= this.drive.steps;
  }

  /** Simulates for some milliseconds. */
  advance(ms: number): void {
    const end = performance.now() + ms;
    do this.#advanceOne();
    while (!this.finished && performance.now() < end);
  }

  #advanceOne(): void {
    const { begin, from } = this.#network;
    const { level, first, last, step, rectified } = this.drive;
    const [now, next, weights] = [this.#now, this.#next, this.#weights];
    const at = this.done - 1;
    const on = at >= first && at <= last;
    for (let cell = 0, entry = 0; cell < now.length; cell++) {
      const end = begin[cell + 1] as number;
      let sum = 0;
      for (; entry < end; entry++) {
        sum += (weights[entry] as number) * (now[from[entry] as number] as number);
      }
      if (on) sum += level[cell] as number;
      if (rectified && sum < 0) sum = 0;
      const rate = now[cell] as number;
      next[cell] = (sum - rate) * step + rate;
    }
    [this.#now, this.#next] = [next, now];
    if (this.#record(next)) this.done++;
    else this.diverged = this.done;
  }

  /** Keeps the rates of a step; false if one is not finite. */
  #record(rates: Float64Array): boolean {
    const { types, sign, size } = this.#cells;
    const { steps } = this.drive;
    const sums = new Float64Array(this.#counts.length);
    let [measured, count, finite] = [0, 0, true];
    for (let cell = 0; cell < size; cell++) {
      const rate = rates[cell] as number;
      // Infinity minus itself is not a number.
      finite &&= rate - rate === 0;
      add(sums, types.codes[cell] as number, rate);
      if (this.#excitatory && sign[cell] !== 1) continue;
      measured += rate;
      count++;
    }
    if (!finite) return false;
    const at = this.done;
    this.measured[at] = measured / count;
    for (let type = 0; type < sums.length; type++) {
      this.means[type * steps + at] = (sums[type] as number) / (this.#counts[type] as number);
    }
    if (at % this.stride === 0) this.rates.set(rates, (at / this.stride) * size);
    return true;
  }

  /** The rate of a cell at a step. */
  rate(cell: number, step: number): number {
    return this.rates[this.frame(step) * this.#cells.size + cell] as number;
  }

  /** The frame that shows a step. */
  frame(step: number): number {
    return Math.min(Math.floor(step / this.stride), this.frames - 1);
  }
}

/**
 * The number of steps from the last one of the stimulus until the mean rate is below a fraction of
 * the stimulus; -1 if it never is. `RateResponse.decay_time` has the same definition.
 */
export function decaySteps({ measured, drive, done }: Run, strength: number, part = 0.01): number {
  const { first, last } = drive;
  const limit = part * strength + (measured[first - 1] as number);
  for (let step = last; step < done; step++) {
    if ((measured[step] as number) < limit) return step - last;
  }
  return -1;
}

/** First and last step of a stimulus, and the number of steps; as `RateModel` counts them. */
export function stepsOf(
  [start, end]: readonly [number, number],
  duration: number,
  dt: number,
): { first: number; last: number; steps: number } {
  const steps = Math.floor(duration / dt + 1e-6);
  let first = 0;
  while (first * dt < start) first++;
  let last = first;
  while ((last + 1) * dt <= end) last++;
  return { first, last, steps };
}

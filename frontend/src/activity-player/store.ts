// The state of a player: its traits, the runs of its networks, and the time on view.
import type { AnyModel } from "@anywidget/types";
import type { Place } from "../shared/mount";
import { ask } from "../shared/request";
import type { RootId } from "../shared/root-ids";
import type { Theme } from "../shared/theme";
import { watchTraits } from "../shared/traits";
import { type Cells, type Networks, type Spectrum, typeOf } from "./data/networks";
import { decaySteps, Run, stepsOf } from "./data/simulation";
import { gainsOf, type Stability, safeStep, stability } from "./data/stability";
import { SIMULATED, type State } from "./state";

/** "runs" after a simulation, "time" with each picture, "choice" for cells, "progress" and rest. */
export type Change = "runs" | "time" | "choice" | "progress" | "settings" | "status";

/** A slice of the simulation, which leaves time for the page to react. */
const SLICE_MS = 8;
/** A simulation that takes longer shows its progress. */
const PATIENCE_MS = 400;
/** How often Python learns of the time while the player plays. */
const TELL_MS = 500;
/** Cells that are brighter than this part of them are drawn alike. */
const BRIGHT = 0.98;

/** A network, as it was simulated. */
export interface Result {
  label: string;
  run: Run;
  /** Undefined if the numbers that decide it could not be loaded. */
  stability: Stability | undefined;
  radius: number;
  /** In s; NaN if activity does not decay in the simulated time. */
  decay: number;
}

export class Store {
  readonly cells: Cells;
  readonly model: AnyModel<State>;
  readonly signal: AbortSignal;
  results: Result[] = [];
  /** Rate of the brightest colour. */
  brightest = 1;
  /** The part of the simulation that is done, 0 to 1; null if all is done or it takes no time. */
  progress: number | null = null;
  /** Why the simulation is not exact; "" if it is. */
  trouble = "";
  /** The line below the buttons. */
  status = "";
  hovered = -1;
  lit: ReadonlySet<number> = new Set();
  theme: Theme = "light";
  #time: number;
  #told = 0;
  #turn = 0;
  readonly #data: Networks;
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor({ model, signal }: Place<State>, data: Networks) {
    this.model = model;
    this.signal = signal;
    this.#data = data;
    this.cells = data.cells;
    this.#time = this.get("time");
    watchTraits(
      model,
      [...SIMULATED],
      () => {
        this.emit("settings");
        void this.simulate();
      },
      signal,
    );
    watchTraits(model, ["cell", "outside", "selected_outside"], () => this.emit("choice"), signal);
    watchTraits(model, ["speed", "playing"], () => this.emit("settings"), signal);
    watchTraits(model, ["time"], () => this.#follow(), signal);
    signal.addEventListener("abort", () => this.#turn++);
  }

  on(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  get<K extends keyof State & string>(name: K): State[K] {
    return this.model.get(name);
  }

  set(values: Partial<State>): void {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Shows a text below the buttons, which screen readers read out. */
  say(text: string): void {
    this.status = text;
    this.emit("status");
  }

  /** The spectral radius of the first model as it is given. */
  get ownRadius(): number {
    const radius = this.#data.spectra.get(null)?.[0]?.radius ?? 0;
    return radius * (this.get("fixed").gains[0] as number);
  }

  /** The inhibition of the first model as a multiple of its excitation, as it is given. */
  get ownInhibition(): number {
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    const [first] = this.#data.networks;
    const excitation = first ? sum(first.excitation) : 0;
    const measured = first && excitation > 0 ? sum(first.inhibition) / excitation : 0;
    return this.get("fixed").inhibitions[0] ?? measured;
  }

  get time(): number {
    return this.#time;
  }

  /** Shows a time; Python learns of it at once, or at the next occasion. */
  show(time: number, tell: boolean): void {
    this.#time = Math.max(0, Math.min(time, this.lastTime));
    if (tell || performance.now() - this.#told > TELL_MS) {
      this.#told = performance.now();
      this.set({ time: Math.round(this.#time * 1e6) / 1e6 });
    }
    this.emit("time");
  }

  // The own time comes back while it plays; only another one is a wish.
  #follow(): void {
    const time = this.get("time");
    if (this.get("playing") && Math.abs(time - this.#time) < 2 * this.get("speed")) return;
    if (Math.abs(time - this.#time) < 1e-6) return;
    this.#time = time;
    this.emit("time");
  }

  /** The time of the last step. */
  get lastTime(): number {
    const { duration, dt } = this.get("fixed");
    return (stepsOf([0, 0], duration, dt).steps - 1) * dt;
  }

  /** The step on view. */
  get step(): number {
    return Math.round(this.#time / this.get("fixed").dt);
  }

  /** Whether the stimulus is on. */
  get stimulusIsOn(): boolean {
    const { drive } = this.results[0]?.run ?? {};
    return drive !== undefined && this.step >= drive.first && this.step <= drive.last;
  }

  rowOf(id: RootId): number {
    return this.cells.ids.rowOf(id);
  }

  /** The row of the chosen cell, -1 if there is none. */
  get chosen(): number {
    const cell = this.get("cell");
    return cell === null ? -1 : this.rowOf(cell);
  }

  choose(row: number): void {
    this.set({ cell: row < 0 ? null : this.cells.ids.at(row), outside: null });
  }

  /** Marks the cell that the pointer is on; -1 for none. */
  point(row: number): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.emit("choice");
  }

  light(ids: readonly RootId[]): void {
    this.lit = new Set(ids.map((id) => this.rowOf(id)).filter((row) => row >= 0));
    this.emit("choice");
  }

  /** Stimulates these cells in place of types. */
  stimulate(rows: readonly number[]): void {
    const ids = rows.map((row) => this.cells.ids.at(row));
    this.set({ stimulus_cells: ids, selected_outside: 0 });
  }

  /** Which cells are stimulated: 1 for each of them. */
  get stimulated(): Uint8Array {
    const { cells } = this;
    const ids = this.get("stimulus_cells");
    const chosen = new Uint8Array(cells.size);
    if (ids.length > 0) {
      for (const id of ids) chosen[this.rowOf(id)] = 1;
      return chosen;
    }
    const names = this.get("stimulus_types");
    const types = names.length > 0 ? names : cells.sign.some((sign) => sign === 1) ? ["E"] : null;
    return chosen.map((_, cell) => {
      const group = ["I", "", "E"][(cells.sign[cell] as number) + 1] as string;
      return Number(!types || types.includes(typeOf(cells, cell)) || types.includes(group));
    });
  }

  /** Simulates all networks, unless the settings change meanwhile. */
  async simulate(): Promise<void> {
    const turn = ++this.#turn;
    const current = () => turn === this.#turn;
    const { dt, tau, duration, rectified, gains, inhibitions } = this.get("fixed");
    const spectra = await this.#spectraAt(this.get("inhibition"));
    if (!current()) return;
    const factors = gainsOf(spectra, gains, this.get("gain"), this.get("same"));
    const strength = this.get("strength");
    const level = Float64Array.from(this.stimulated, (on) => on * strength);
    const shared = {
      level,
      ...stepsOf(this.get("stimulus_times"), duration, dt),
      step: dt / tau,
      rectified,
    };
    const runs = this.#data.networks.map((network, k) => {
      const inhibition = this.get("inhibition") ?? inhibitions[k] ?? null;
      const gain = factors[k] as number;
      return new Run(this.cells, network, { ...shared, gain, inhibition });
    });
    await this.#advance(runs, current);
    if (!current()) return;
    this.results = runs.map((run, k) => {
      const spectrum = spectra?.[k];
      const { gain } = run.drive;
      return {
        label: this.get("labels")[k] ?? "",
        run,
        stability: spectrum && stability(spectrum, gain, rectified),
        radius: spectrum ? spectrum.radius * gain : Number.NaN,
        decay: decayTime(run, strength, dt),
      };
    });
    const longest = tau / (1 + Math.max(0, ...this.results.map(({ radius }) => radius || 0)));
    this.trouble =
      dt > longest
        ? `The time step of ${dt} s is too long for this gain: lower the gain, or set dt=${(longest / 10).toPrecision(2)} in Python.`
        : this.#mayGrowByItself(spectra, dt / tau, rectified)
          ? `With this gain, swings of activity may last only because the time step of ${dt} s is too long: lower the gain, or set dt=${(dt / 10).toPrecision(2)} in Python.`
          : "";
    this.brightest = brightestOf(runs, this.cells.size);
    this.emit("runs");
  }

  // What Euler's method can add to activity; with rectified rates, not to what is stable anyway.
  #mayGrowByItself(spectra: Spectrum[] | undefined, step: number, rectified: boolean): boolean {
    return this.results.some(({ stability, run }, k) => {
      const spectrum = spectra?.[k];
      const fades = stability === (rectified ? "stable with inhibition" : "stable");
      if (!spectrum || !fades || step <= safeStep(spectrum, run.drive.gain)) return false;
      // Swings below 0 count, too, unlike in a decay time.
      const end = run.rates.subarray(-this.cells.size);
      const most = end.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      return run.diverged >= 0 || most > 0.01 * this.get("strength");
    });
  }

  async #advance(runs: readonly Run[], current: () => boolean): Promise<void> {
    const start = performance.now();
    for (const [k, run] of runs.entries()) {
      while (!run.finished) {
        run.advance(SLICE_MS);
        if (run.finished) break;
        await nextTask();
        if (!current()) return;
        if (performance.now() - start > PATIENCE_MS) {
          this.progress = (k + run.done / run.drive.steps) / runs.length;
          this.emit("progress");
        }
      }
    }
    if (this.progress === null) return;
    this.progress = null;
    this.emit("progress");
  }

  async #spectraAt(ratio: number | null): Promise<Spectrum[] | undefined> {
    const { spectra } = this.#data;
    const known = spectra.get(ratio);
    if (known) return known;
    try {
      const { signal } = this;
      const { content } = await ask<number[][]>(this.model, "spectrum", ratio, { signal });
      const loaded = content.map(
        ([radius = 0, abscissa = 0, excitation = 0, uninhibited = 0]): Spectrum => ({
          radius,
          abscissa,
          excitation,
          uninhibited,
        }),
      );
      spectra.set(ratio, loaded);
      return loaded;
    } catch {
      return undefined;
    }
  }
}

function decayTime(run: Run, strength: number, dt: number): number {
  const steps = decaySteps(run, strength);
  return steps < 0 ? Number.NaN : steps * dt;
}

// Of the end of the stimulus: an unstable network would leave all others dark later on.
function brightestOf(runs: readonly Run[], n: number): number {
  const rates = runs.map((run) => {
    const frame = run.frame(Math.min(run.drive.last + 1, run.done - 1));
    const sorted = run.rates.slice(frame * n, (frame + 1) * n).sort();
    return sorted[Math.floor(BRIGHT * (n - 1))] as number;
  });
  const most = Math.max(...rates);
  if (most > 0 && Number.isFinite(most)) return most;
  // Few cells are active.
  const all = Math.max(...runs.map((run) => run.rates.reduce((a, b) => Math.max(a, b), 0)));
  return all > 0 && Number.isFinite(all) ? all : 1;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

// What the player says, on the screen and to screen readers.
import { clipped } from "../../shared/clipped";
import { counted, format } from "../../shared/number-format";
import { typeOf } from "../data/networks";
import type { Run } from "../data/simulation";
import type { Result, Store } from "../store";

/** A time with two decimals, so that its text does not change its width. */
export function seconds(time: number): string {
  return `${time.toFixed(2)} s`;
}

/** A rate: what is left of a decayed one is not worth its zeros. */
export function rateWords(rate: number): string {
  return rate > 0 && rate < SMALLEST_RATE ? `< ${SMALLEST_RATE}` : format(rate);
}

const SMALLEST_RATE = 0.001;

/** Of a type on the screen: an unknown type has an empty label in the data. */
export function typeName(label: string): string {
  return clipped(label) || "unknown";
}

/** How long activity lasts after the stimulus. */
export function decayWords(store: Store, result: Result): string {
  const { decay, run } = result;
  if (decay === 0) return "at once";
  if (decay > 0) return `${format(decay)} s`;
  return run.diverged >= 0
    ? "grows beyond all bounds"
    : `not within ${format(after(store, run))} s`;
}

/** Simulated time after the stimulus. */
function after(store: Store, run: Run): number {
  return store.lastTime - store.get("fixed").dt * run.drive.last;
}

/** Whether activity in a network grows, or does not end in the simulated time and may grow. */
export function grows(store: Store): boolean {
  return store.results.some(
    // NaN is activity that has not decayed.
    ({ stability, decay }) =>
      stability === "unstable" || (stability === "may grow" && !(decay >= 0)),
  );
}

/** The results in one sentence. */
export function summary(store: Store): string {
  const parts = store.results.map((result) => {
    const { run, decay } = result;
    const name = store.results.length > 1 ? `${clipped(result.label)}: ` : "";
    const how = result.stability ? `${result.stability}, ` : "";
    const what =
      decay >= 0
        ? `activity decays ${decay > 0 ? `in ${format(decay)} s` : "at once"}`
        : run.diverged >= 0
          ? `rates grow beyond all bounds at ${seconds(run.diverged * store.get("fixed").dt)}`
          : `activity does not decay within ${format(after(store, run))} s`;
    return `${name}${how}${what}`;
  });
  const cure = grows(store) ? " Lower the gain, or strengthen inhibition." : "";
  return `${parts.join("; ")}.${cure}`;
}

/** A cell in a few words: type, and id or number. */
export function cellName(store: Store, row: number): string {
  const { cells } = store;
  const id = cells.ids.at(row);
  return `${typeName(typeOf(cells, row))} ${id.length < 10 ? `cell ${id}` : id}`;
}

/** What a tooltip says of a cell. */
export function aboutCell(store: Store, { run }: Result, row: number): [string, string][] {
  const { cells } = store;
  const id = cells.ids.at(row);
  const depth = cells.depth[row] as number;
  const lines: [string, string][] = [
    ["type", typeName(typeOf(cells, row))],
    [id.length < 10 ? "cell" : "root id", id],
    ["rate", rateWords(run.rate(row, store.step))],
  ];
  if (Number.isFinite(depth)) lines.push(["depth", `${format(Math.round(depth))} µm`]);
  if (run.drive.level[row]) lines.push(["", "stimulated"]);
  return lines;
}

/** Which cells are stimulated, in words. */
export function stimulusWords(store: Store): string {
  const n = store.stimulated.reduce((sum, on) => sum + on, 0);
  const outside = store.get("selected_outside");
  const left = outside
    ? `; ${counted(outside, "selected cell")} ${outside === 1 ? "is" : "are"} not in the network`
    : "";
  const own = store.get("stimulus_cells").length + store.get("stimulus_types").length === 0;
  return `${counted(n, "cell")} of ${format(store.cells.size)}${own ? " (the default)" : ""}${left}`;
}

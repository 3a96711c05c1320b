// Connected pairs of types compared with random networks; _matrix_chance.py describes the numbers.
import type { AnyModel } from "@anywidget/types";
import { getColumn, readTable } from "../../shared/columns";
import { FEWEST_EXPECTED, MOST_NETWORKS } from "../../shared/contract";
import { ask } from "../../shared/request";
import type { State } from "../state";
import type { TypeSummary } from "./type-summary";

/** Numbers of each type pair, in the order of the summary; NaN if unknown. */
export interface Comparison {
  /** Random networks so far. */
  n: number;
  expected: Float64Array;
  ratio: Float64Array;
  low: Float64Array;
  high: Float64Array;
  p: Float64Array;
}

const NUMBERS = ["expected", "ratio", "low", "high", "p"] as const;
const FIRST = 10;
// A shuffle of a very large matrix takes seconds.
const TIMEOUT_MS = 300_000;
/** How long Python may draw before the picture is updated. */
const PACE_MS = 1000;

export class ChanceSource {
  readonly #model: AnyModel<State>;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Comparison>();
  readonly #failed = new Set<string>();
  #fetching = "";

  constructor(model: AnyModel<State>, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
  }

  /** What is known so far for the chosen kind of random networks. */
  get(summary: TypeSummary): Comparison | null {
    const saved = this.#model.get("chance");
    const [kind, by] = [this.#model.get("null"), this.#model.get("by")];
    const known = this.#known.get(`${kind} ${by}`);
    if (known || !saved) return known ?? null;
    const comparison = read(saved, kind, summary);
    if (comparison) this.#known.set(`${kind} ${by}`, comparison);
    return comparison;
  }

  /** Asks Python for random networks until there are enough, or something else is chosen. */
  async fetch(summary: TypeSummary, progress: (text: string) => void): Promise<void> {
    const [kind, by] = [this.#model.get("null"), this.#model.get("by")];
    const key = `${kind} ${by}`;
    if (this.get(summary) && this.#model.get("chance")) return;
    if (this.#fetching === key || this.#failed.has(key)) return;
    this.#fetching = key;
    const wanted = { null: kind, by, show: "types", type_value: "ratio" };
    const isWanted = () =>
      Object.entries(wanted).every(([name, value]) => this.#model.get(name) === value);
    let step = FIRST;
    let text = "";
    try {
      for (let n = this.#known.get(key)?.n ?? 0; n < MOST_NETWORKS && isWanted(); ) {
        progress(`Python is drawing random networks: ${n} of ${MOST_NETWORKS} …`);
        const started = performance.now();
        const content = { kind, by, n: n + step };
        const options = { signal: this.#signal, timeout: TIMEOUT_MS };
        const { buffers } = await ask(this.#model, "chance", content, options);
        const comparison = buffers[0] && read(buffers[0], kind, summary);
        if (!comparison) throw new Error("Python did not send random networks.");
        this.#known.set(key, comparison);
        n = comparison.n;
        const pace = PACE_MS / Math.max(performance.now() - started, 1);
        step = Math.max(1, Math.min(Math.round(step * pace), MOST_NETWORKS));
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#failed.add(key);
      text = (error as Error).message;
    }
    // Another kind may have been chosen meanwhile, whose progress is on view now.
    if (this.#fetching !== key) return;
    this.#fetching = "";
    progress(text);
  }
}

/** Kinds for which a page without a kernel has random networks; null where Python draws them. */
export function savedKinds(model: AnyModel<State>): ReadonlySet<string> | null {
  if (!("withoutPython" in model)) return null;
  const saved = model.get("chance");
  return new Set(saved ? getColumn(readTable(saved), "kind", "text").labels : []);
}

/** The ratio to chance as it is shown; NaN if too few pairs are expected. */
export function shownRatio(comparison: Comparison | null, typePair: number): number {
  if (!comparison || !((comparison.expected[typePair] as number) >= FEWEST_EXPECTED))
    return Number.NaN;
  return comparison.ratio[typePair] as number;
}

function read(block: DataView, kind: string, summary: TypeSummary): Comparison | null {
  const table = readTable(block);
  const text = (name: string) => {
    const { codes, labels } = getColumn(table, name, "text");
    return (row: number) => labels[codes[row] as number] ?? "";
  };
  const [kindOf, pre, post] = [text("kind"), text("pre"), text("post")];
  const places = (labels: readonly string[]) =>
    new Map(labels.map((label, at): [string, number] => [label, at]));
  const [preAt, postAt] = [places(summary.preLabels), places(summary.postLabels)];
  const size = preAt.size * postAt.size;
  const unknown = () => new Float64Array(size).fill(Number.NaN);
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, unknown()])) as Record<
    (typeof NUMBERS)[number],
    Float64Array
  >;
  const columns = NUMBERS.map((name) => [name, getColumn(table, name, "number").values] as const);
  const counts = getColumn(table, "n", "number").values;
  let n = 0;
  for (let row = 0; row < table.rows; row++) {
    const [from, onto] = [preAt.get(pre(row)), postAt.get(post(row))];
    if (kindOf(row) !== kind || from === undefined || onto === undefined) continue;
    for (const [name, values] of columns)
      numbers[name][from * postAt.size + onto] = values[row] as number;
    n = counts[row] as number;
  }
  return n ? { n, ...numbers } : null;
}

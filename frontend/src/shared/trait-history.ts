// The earlier and later values of some traits, for Back and Forward, and for undo.
import type { AnyModel } from "@anywidget/types";
import { watchTraits } from "./traits";

type Traits = Record<string, unknown>;

// One action may set several traits, and Python sends each of them separately.
const ONE_ACTION_MS = 150;
const LONGEST = 100;

/** Remembers the values of traits after each action, whether it came from the page or from Python. */
export class TraitHistory<T extends Traits> {
  readonly #model: AnyModel<T>;
  readonly #names: readonly (keyof T & string)[];
  readonly #changed: () => void;
  #entries: string[];
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` is called whenever `canGo` may have changed. */
  constructor(
    model: AnyModel<T>,
    names: readonly (keyof T & string)[],
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#names = names;
    this.#changed = changed;
    this.#entries = [this.#values()];
    watchTraits(model, names, () => this.#wait(), signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Whether there is an earlier (-1) or a later (1) entry. */
  canGo(by: -1 | 1): boolean {
    return this.#at + by >= 0 && this.#at + by < this.#entries.length;
  }

  /** Sets the traits to the earlier (-1) or later (1) entry, if there is one. */
  go(by: -1 | 1): void {
    this.#remember();
    if (!this.canGo(by)) return;
    this.#at += by;
    const values = JSON.parse(this.#entries[this.#at] as string) as unknown[];
    this.#names.forEach((name, place) => {
      this.#model.set(name, values[place] as T[typeof name]);
    });
    this.#model.save_changes();
    this.#remember();
    this.#changed();
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => this.#remember(), ONE_ACTION_MS);
  }

  #remember(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const values = this.#values();
    if (values === this.#entries[this.#at]) return;
    this.#entries.splice(this.#at + 1, Number.POSITIVE_INFINITY, values);
    if (this.#entries.length > LONGEST) this.#entries.shift();
    this.#at = this.#entries.length - 1;
    this.#changed();
  }

  #values(): string {
    return JSON.stringify(this.#names.map((name) => this.#model.get(name) ?? null));
  }
}

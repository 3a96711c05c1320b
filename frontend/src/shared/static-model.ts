// Replaces the kernel's model on pages without a kernel: the course's site, an exported file.
import type { AnyModel, Render } from "@anywidget/types";
import type { Answer, Question, Reply } from "./request";

type State = Record<string, unknown>;
type Callback = (...args: never[]) => void;

/** Answers requests in Python's place, from data in the page. */
export type Answers = Record<string, (content: unknown) => unknown | Promise<unknown>>;

/** Shows a model in an element; the returned function removes it. */
export type Show = (model: StaticModel, el: HTMLElement) => Promise<() => void>;

const NO_KERNEL =
  "This page is not connected to Python. Open the notebook in Jupyter or Colab to do this.";

/** A model that behaves as anywidget's does, but whose state exists only in the page. */
export class StaticModel<T extends State = State> implements AnyModel<T> {
  /** Distinguishes this model from a kernel's. */
  readonly withoutPython = true;
  readonly #state: T;
  readonly #answers: Answers;
  readonly #others: ReadonlyMap<string, StaticModel>;
  readonly #show: Show | undefined;
  readonly #callbacks = new Map<string, Set<Callback>>();

  /** `others` are all models of the page by id; `show` renders one of them. */
  constructor(
    state: T,
    answers: Answers = {},
    others: ReadonlyMap<string, StaticModel> = new Map(),
    show?: Show,
  ) {
    this.#state = { ...state };
    this.#answers = answers;
    this.#others = others;
    this.#show = show;
  }

  get<K extends keyof T>(key: K): T[K] {
    return this.#state[key];
  }

  /** Sets a value; if it differs, listeners to `change:key` and `change` are called at once. */
  set<K extends keyof T>(key: K, value: T[K]): void {
    if (same(this.#state[key], value)) return;
    this.#state[key] = value;
    this.#call(`change:${String(key)}`, this, value);
    this.#call("change", this);
  }

  on(event: string, callback: Callback): void {
    for (const name of event.split(" ")) {
      const callbacks = this.#callbacks.get(name) ?? new Set();
      this.#callbacks.set(name, callbacks.add(callback));
    }
  }

  /** Removes one callback, all callbacks of an event, or all callbacks. */
  off(event?: string | null, callback?: Callback | null): void {
    for (const name of event ? event.split(" ") : [...this.#callbacks.keys()]) {
      if (callback) this.#callbacks.get(name)?.delete(callback);
      else this.#callbacks.delete(name);
    }
  }

  /** Does nothing: there is no kernel to save to. */
  save_changes(): void {}

  /** Answers a request as Python would: later, and by a message. */
  send(message: unknown): void {
    const question = message as Question;
    if (question?.kind !== "ask") return;
    const answer = (rest: Partial<Answer>, buffers: DataView[] = []) =>
      this.#call("msg:custom", { kind: "answer", id: question.id, ...rest }, buffers);
    Promise.resolve()
      .then(() => {
        const method = this.#answers[question.name];
        if (!method) throw Object.assign(new Error(NO_KERNEL), { name: "NoKernel" });
        return method(question.content);
      })
      .then(
        (result) =>
          isReply(result)
            ? answer({ content: result.content }, result.buffers)
            : answer({ content: result ?? null }),
        (error: Error) => answer({ error: { type: error.name, message: error.message } }),
      );
  }

  get widget_manager(): AnyModel<T>["widget_manager"] {
    const get_model = async (id: string) => {
      const model = this.#others.get(id);
      if (!model) throw new Error(`This page has no widget ${id}.`);
      return model;
    };
    const create_view = async (model: StaticModel) => {
      const el = document.createElement("div");
      const remove = await this.#show?.(model, el);
      return { el, remove: () => remove?.() };
    };
    return { get_model, create_view } as unknown as AnyModel<T>["widget_manager"];
  }

  #call(event: string, ...args: unknown[]): void {
    // A copy: a callback may remove itself while it is called.
    for (const callback of [...(this.#callbacks.get(event) ?? [])]) callback(...(args as never[]));
  }
}

/** Renders a widget into an element of a static page; the returned function removes it. */
export async function renderStatic<T extends State>(
  widget: { render: Render<T> },
  model: StaticModel<T>,
  el: HTMLElement,
): Promise<() => void> {
  const controller = new AbortController();
  const props = { model, el, signal: controller.signal } as unknown as Parameters<Render<T>>[0];
  const cleanup = await widget.render(props);
  return () => {
    controller.abort();
    void cleanup?.();
    el.replaceChildren();
  };
}

function isReply(result: unknown): result is Reply<unknown> {
  return typeof result === "object" && result !== null && "buffers" in result;
}

// Equal by Backbone's rules, for what traits contain: JSON and binary data.
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof DataView || b instanceof DataView) return false;
  return typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b);
}

// What every widget does while it is on a page: it loads its data and offers to try again, follows
// the page's theme, keeps its keys to itself, and cleans up when it leaves.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, listen } from "./dom";
import { keepKeys } from "./keys";
import { modelWithNulls } from "./nulls";
import { isDisconnected, RequestError } from "./request";
import { replaceStill } from "./still";
import { type Theme, watchTheme } from "./theme";

type Traits = Record<string, unknown>;

/** The model of a view, and the signal that ends the view. */
export interface Place<T extends Traits> {
  model: AnyModel<T>;
  /** Aborted when the widget leaves the page. */
  signal: AbortSignal;
}

/** A view, ready to be added to the page. */
export interface View {
  element: HTMLElement;
  /** Called at once, and again whenever the page's theme changes. */
  setTheme(theme: Theme): void;
  /** Releases what is not tied to the signal. */
  destroy?(): void;
}

/** Data that a widget needs before it can show anything. */
export interface Loading<T extends Traits, D> {
  /** Name of the data in messages, such as "matrix". */
  name: string;
  load(place: Place<T>): Promise<D>;
}

/** Shows a view, and returns the function that removes it. */
export function mount<T extends Traits>(
  { model, el }: RenderProps<T>,
  build: (place: Place<T>) => View,
): () => void {
  const leaving = new AbortController();
  const place = { model: modelWithNulls(model), signal: leaving.signal };
  replaceStill(el, leaving.signal);
  const remove = show(el, build(place));
  return () => {
    leaving.abort();
    remove();
  };
}

/** Shows a view once its data are loaded, and returns the function that removes it. */
export function mountWhenLoaded<T extends Traits, D>(
  { model, el }: RenderProps<T>,
  { name, load }: Loading<T, D>,
  build: (place: Place<T>, data: D) => View,
): () => void {
  const leaving = new AbortController();
  const place = { model: modelWithNulls(model), signal: leaving.signal };
  let remove = () => {};
  const attempt = async () => {
    const bringBackStill = replaceStill(el, leaving.signal);
    el.replaceChildren(h("p", { role: "status" }, `Loading the ${name} …`));
    try {
      const data = await load(place);
      if (!leaving.signal.aborted) remove = show(el, build(place, data));
    } catch (error) {
      if (leaving.signal.aborted) return;
      if (isWithoutKernel(error)) bringBackStill();
      el.replaceChildren(failure(name, error as Error, () => void attempt()));
    }
  };
  void attempt();
  return () => {
    leaving.abort();
    remove();
  };
}

function show(el: HTMLElement, view: View): () => void {
  el.replaceChildren(view.element);
  keepKeys(view.element);
  const stopTheme = watchTheme(el, (theme) => view.setTheme(theme));
  return () => {
    stopTheme();
    view.destroy?.();
    view.element.remove();
  };
}

function isWithoutKernel(error: unknown): boolean {
  return error instanceof RequestError && error.type === "NoKernel";
}

function failure(name: string, error: Error, again: () => void): HTMLElement {
  const retry = h("button", { type: "button" }, "Try again");
  listen(retry, "click", again);
  const text = isWithoutKernel(error)
    ? `This page was saved without the ${name}. Run the notebook in Jupyter or Colab, ` +
      "or create the widget with save_data=True."
    : `The ${name} could not be loaded: ${error.message}`;
  return h("div", { role: "alert" }, h("p", {}, text), !isDisconnected(error) && retry);
}

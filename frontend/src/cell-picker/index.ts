// The cell picker's module: loads the table, then shows it.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, listen } from "../shared/dom";
import { follow } from "../shared/link";
import { RequestError } from "../shared/request";
import { watchTheme } from "../shared/theme";
import { loadTable } from "./data/table";
import { type State, Store } from "./store";
import { PickerView } from "./view/picker-view";

function render({ model, el }: RenderProps<State>): () => void {
  const leaving = new AbortController();
  const undo: (() => void)[] = [() => leaving.abort()];
  el.classList.add("mw-picker-host");
  void show(model, el, leaving.signal, undo);
  return () => {
    for (const step of undo) step();
  };
}

async function show(
  model: AnyModel<State>,
  el: HTMLElement,
  signal: AbortSignal,
  undo: (() => void)[],
): Promise<void> {
  el.replaceChildren(h("p", { role: "status" }, "Loading the cells …"));
  try {
    const table = await loadTable(model, signal);
    if (signal.aborted) return;
    const store = new Store(model, table);
    const view = new PickerView(store);
    el.replaceChildren(view.element);
    follow(model, "picker", (_side, id) => id !== "0" && store.ids.rowOf(id) >= 0, signal);
    undo.push(
      () => store.destroy(),
      () => view.destroy(),
      watchTheme(el, (theme) => {
        view.theme = theme;
      }),
    );
  } catch (error) {
    if (!signal.aborted)
      el.replaceChildren(apology(error as Error, () => show(model, el, signal, undo)));
  }
}

function apology(error: Error, again: () => void): HTMLElement {
  const retry = h("button", {}, "Try again");
  listen(retry, "click", again);
  const text =
    error instanceof RequestError && error.type === "NoKernel"
      ? "The cells are not saved with this page. Run the cell again in Jupyter or Colab, or save " +
        "them with CellPicker(con, save_data=True)."
      : `The cells could not be loaded: ${error.message}`;
  return h("div", { role: "alert" }, h("p", {}, text), retry);
}

export default { render };

// The matrix explorer's widget; microns_widgets/widgets/matrix_explorer.py is its other half.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, listen } from "../shared/dom";
import { follow } from "../shared/link";
import { ask } from "../shared/request";
import { watchTheme } from "../shared/theme";
import { type MatrixData, readMatrix } from "./data/matrix-data";
import type { State } from "./state";
import { Store } from "./store";
import { buildExplorer } from "./view/explorer-view";
import "./view/explorer.css";

// 1.5 million connections through a slow line.
const TIMEOUT_MS = 120_000;

function render({ model, el }: RenderProps<State>): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const root = h("div", { class: "mx" });
  el.append(root);
  let restyle = () => {};
  const stopTheme = watchTheme(el, (theme) => {
    root.setAttribute("data-theme", theme);
    restyle();
  });
  const load = async () => {
    root.replaceChildren(h("p", { class: "mx-status", role: "status" }, "Loading the matrix ..."));
    try {
      const data = await dataOf(model, signal);
      if (signal.aborted) return;
      const store = new Store(model, data, signal);
      restyle = buildExplorer(root, store, signal);
      follow(model, "explorer", (side, id) => store.has(side, id), signal);
    } catch (error) {
      if (signal.aborted) return;
      const again = h("button", { type: "button" }, "Try again");
      listen(again, "click", () => void load());
      const why = (error as Error).message;
      root.replaceChildren(h("p", { class: "mx-status", role: "alert" }, why), again);
    }
  };
  void load();
  return () => {
    controller.abort();
    stopTheme();
  };
}

/** The matrix from the saved notebook, or from Python. */
async function dataOf(model: AnyModel<State>, signal: AbortSignal): Promise<MatrixData> {
  const saved = model.get("data");
  if (saved) return readMatrix(saved);
  const { buffers } = await ask(model, "matrix", null, { signal, timeout: TIMEOUT_MS });
  const [block] = buffers;
  if (!block) throw new Error("Python sent no matrix.");
  return readMatrix(block);
}

export default { render };

// The matrix explorer's module; microns_widgets/widgets/matrix_explorer.py is its Python side.
import type { RenderProps } from "@anywidget/types";
import { h } from "../shared/dom";
import { linkedView } from "../shared/linked";
import { mountWhenLoaded, type Place } from "../shared/mount";
import { loadData } from "../shared/request";
import { type MatrixData, readMatrix } from "./data/matrix-data";
import type { State } from "./state";
import { Store } from "./store";
import "./view/explorer.css";
import "./view/controls.css";
import "./view/table.css";
import { buildExplorer } from "./view/explorer-view";

// Long enough for 1.5 million connections over a slow network.
const TIMEOUT_MS = 120_000;

function render(props: RenderProps<State>): () => void {
  return mountWhenLoaded(props, { name: "matrix", load }, (place, data) =>
    linkedView(place, (hover) => {
      const store = new Store(place.model, data, place.signal);
      const element = h("div", { class: "mx" });
      const draw = buildExplorer(element, store, place, hover);
      return {
        element,
        setTheme: (theme) => {
          element.dataset.theme = store.theme = theme;
          draw();
        },
        light: (ids) => store.light(ids),
        linked: { kind: "matrix", has: (side, id) => store.has(side, id) },
      };
    }),
  );
}

async function load({ model, signal }: Place<State>): Promise<MatrixData> {
  return readMatrix(await loadData(model, "matrix", { signal, timeout: TIMEOUT_MS }));
}

export default { render };

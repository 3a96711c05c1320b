// The cell picker's module; microns_widgets/widgets/cell_picker.py is its Python side.
import type { RenderProps } from "@anywidget/types";
import { linkedView } from "../shared/linked";
import { mountWhenLoaded } from "../shared/mount";
import { loadTable } from "./data/table";
import { type State, Store } from "./store";
import { PickerView } from "./view/picker-view";

function render(props: RenderProps<State>): () => void {
  return mountWhenLoaded(props, { name: "cells", load: loadTable }, (place, table) =>
    linkedView(place, (hover) => {
      const store = new Store(place.model, table, place.signal);
      const view = new PickerView(store, hover);
      return {
        element: view.element,
        setTheme: (theme) => {
          view.theme = theme;
        },
        linked: { kind: "picker", has: (_side, id) => id !== "0" && store.ids.rowOf(id) >= 0 },
        light: (ids) => view.light(ids),
        destroy: () => view.destroy(),
      };
    }),
  );
}

export default { render };

// The skeleton viewer's module; microns_widgets/widgets/skeleton_viewer.py is its Python side.
import type { RenderProps } from "@anywidget/types";
import { linkedView } from "../shared/linked";
import { mount } from "../shared/mount";
import type { State } from "./state";
import { Viewer } from "./view/viewer";
import "./view/skeleton-viewer.css";
import "./view/menus.css";
import "./view/panels.css";
import "./view/partner-table.css";

function render(props: RenderProps<State>): () => void {
  return mount(props, (place) =>
    linkedView(place, (hover) => {
      const viewer = new Viewer(place.model, place.signal, hover);
      return {
        element: viewer.el,
        setTheme: (theme) => {
          viewer.theme = theme;
        },
        // Any cell: the viewer itself reports a cell for which it has no data.
        linked: { kind: "viewer", has: () => true },
        light: (ids) => viewer.light(ids),
        destroy: () => viewer.destroy(),
      };
    }),
  );
}

export default { render };

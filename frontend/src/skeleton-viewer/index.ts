// The skeleton viewer's module; microns_widgets/widgets/skeleton_viewer.py is its Python side.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { follow } from "../shared/link";
import type { State } from "./state";
import { Viewer } from "./view/viewer";
import "./view/skeleton-viewer.css";
import "./view/panels.css";

function render({ model, el }: RenderProps<State>): () => void {
  const controller = new AbortController();
  const viewer = new Viewer(model as AnyModel<State>, el, controller.signal);
  // Whatever cell it is: what this page does not have, the viewer says.
  follow(model as AnyModel<State>, "viewer", () => true, controller.signal);
  return () => {
    controller.abort();
    viewer.destroy();
    viewer.el.remove();
  };
}

export default { render };

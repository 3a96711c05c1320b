// The explorer's module: one frame around picker, viewer and matrix.
// microns_widgets/widgets/explorer.py is its Python side.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h } from "../shared/dom";
import { mount } from "../shared/mount";
import { modelWithNulls } from "../shared/nulls";
import { shareByAddress } from "./address-bar";
import "./explorer.css";
import "./bar.css";
import { type Models, modelOf, PARTS, showIn } from "./parts";
import { Shell } from "./shell";

function render(props: RenderProps): () => void {
  return mount(props, ({ model, signal }) => {
    const shell = new Shell(model, signal);
    void fill(model, shell, signal);
    return {
      element: shell.root,
      setTheme: (theme) => {
        shell.root.dataset.theme = theme;
      },
    };
  });
}

async function fill(model: AnyModel, shell: Shell, signal: AbortSignal): Promise<void> {
  try {
    const models = await Promise.all(PARTS.map((part) => modelOf(model, part)));
    if (signal.aborted) return;
    const shown = Object.fromEntries(PARTS.map((part, place) => [part, models[place]])) as Models;
    const parts = Object.fromEntries(
      PARTS.map((part) => [part, modelWithNulls(shown[part])]),
    ) as Models;
    shell.follow(parts);
    await Promise.all(PARTS.map((part) => showIn(shell.panes[part], shown[part], model, signal)));
    await shareByAddress(model, parts, shell, signal);
  } catch (error) {
    if (signal.aborted) return;
    const text = `The explorer could not be shown: ${(error as Error).message} Otherwise, run the notebook cell that shows it again.`;
    shell.panes.picker.replaceChildren(h("p", { role: "alert", class: "mwx-failure" }, text));
  }
}

export default { render };

// The widgets inside the explorer: found by the ids that its traits hold, and shown by the host.
import type { AnyModel } from "@anywidget/types";
import type { RootId } from "../shared/root-ids";

export const PARTS = ["picker", "viewer", "matrix"] as const;
export type Part = (typeof PARTS)[number];
export type Models = Record<Part, AnyModel>;

interface View {
  el: HTMLElement;
  remove(): void;
}

/** What every host's widget manager can do; anywidget's types describe less. */
interface Manager {
  get_model(id: string): Promise<unknown>;
  /** Missing in marimo. */
  create_view?(model: unknown): Promise<View>;
}

/** Returns the model that a trait refers to, as ipywidgets writes references. */
export function modelOf(model: AnyModel, trait: string): Promise<AnyModel> {
  const id = String(model.get(trait) ?? "").replace(/^IPY_MODEL_/, "");
  return managerOf(model).get_model(id) as Promise<AnyModel>;
}

/** Shows a model inside an element until the signal is aborted. */
export async function showIn(
  pane: HTMLElement,
  child: AnyModel,
  model: AnyModel,
  signal: AbortSignal,
): Promise<void> {
  const manager = managerOf(model);
  if (!manager.create_view) {
    throw new Error(
      "this host shows no widget inside another. Show explorer.picker, explorer.viewer and explorer.matrix.",
    );
  }
  const view = await manager.create_view(child);
  if (signal.aborted) return view.remove();
  signal.addEventListener("abort", () => view.remove());
  view.el.classList.add("mwx-host");
  pane.replaceChildren(view.el);
}

function managerOf(model: AnyModel): Manager {
  return model.widget_manager as unknown as Manager;
}

// Set by keepKeys on the root of every widget.
const ROOT = "[data-lm-suppress-shortcuts]";

/** The root of the widget in a pane, once it shows its data. */
export function rootIn(pane: HTMLElement): HTMLElement | null {
  return pane.querySelector(ROOT);
}

/** Resolves when the widget in a pane shows its data. */
export function shown(pane: HTMLElement, signal: AbortSignal): Promise<HTMLElement> {
  return new Promise((resolve) => {
    const look = () => {
      const root = rootIn(pane);
      if (!root) return;
      observer.disconnect();
      resolve(root);
    };
    const observer = new MutationObserver(look);
    observer.observe(pane, { childList: true, subtree: true });
    signal.addEventListener("abort", () => observer.disconnect());
    look();
  });
}

/** Asks the widget in a pane whether it has a cell; `mount` answers. */
export function has(pane: HTMLElement, id: RootId, side: "pre" | "post" | "" = ""): boolean {
  const detail = { id, side, answer: false };
  rootIn(pane)?.dispatchEvent(new CustomEvent("microns-has", { detail }));
  return detail.answer;
}

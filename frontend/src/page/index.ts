// The page that to_html writes: shows widgets from the state in the page, and links them.
// It contains all widgets, because not every browser loads modules from a file.
import picker from "../cell-picker/index";
import explorer from "../matrix-explorer/index";
import { type Answers, renderStatic, StaticModel } from "../shared/static-model";
import viewer from "../skeleton-viewer/index";
import panel from "../token-panel/index";
import "./page.css";
import { readState, type Saved } from "./saved";

type Widget = Parameters<typeof renderStatic>[0];

const WIDGETS = {
  "cell-picker": picker,
  "skeleton-viewer": viewer,
  "matrix-explorer": explorer,
  "token-panel": panel,
} as unknown as Record<string, Widget>;

const notSaved = (): never => {
  throw new Error("This page was saved without this cell. Open the notebook to see it.");
};
const ANSWERS: Record<string, Answers> = {
  "skeleton-viewer": { synapses: notSaved, skeleton: notSaved },
};

/** Where a widget is shown; nowhere if it is only linked to others or part of one. */
type PlaceOf = (id: string) => HTMLElement | undefined;

/** Shows widgets one below the other, or in the places of a page of the course's site. */
export async function start(main: HTMLElement | PlaceOf, saved: readonly Saved[]): Promise<void> {
  const models = new Map<string, StaticModel>();
  for (const { id, module, state } of saved) {
    models.set(id, new StaticModel(state, ANSWERS[module], models));
  }
  for (const { id, module, label } of saved) {
    const [widget, model] = [WIDGETS[module], models.get(id)];
    if (!widget || !model) throw new Error(`This page contains no widget "${module}".`);
    const place = typeof main === "function" ? main(id) : main;
    if (!place) continue;
    const section = document.createElement("section");
    section.setAttribute("aria-label", label);
    section.dataset.widget = module;
    place.append(section);
    await renderStatic(widget, model, section);
  }
}

const main = document.querySelector("main");
const state = document.getElementById("state");
if (main && state) {
  document.getElementById("loading")?.remove();
  void start(main, readState(state.textContent ?? ""));
}

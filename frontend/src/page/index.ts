// The page that to_html writes: shows widgets from the state in the page, and links them.
// It contains all widgets, because not every browser loads modules from a file.
import player from "../activity-player/index";
import picker from "../cell-picker/index";
import explorer from "../explorer/index";
import matrix from "../matrix-explorer/index";
import check from "../self-check/index";
import { type Answers, renderStatic, type Show, StaticModel } from "../shared/static-model";
import viewer from "../skeleton-viewer/index";
import panel from "../token-panel/index";
import "./page.css";
import { readState, type Saved } from "./saved";

type Widget = Parameters<typeof renderStatic>[0];

const WIDGETS = {
  "activity-player": player,
  "cell-picker": picker,
  "skeleton-viewer": viewer,
  "matrix-explorer": matrix,
  "token-panel": panel,
  "self-check": check,
  explorer,
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
  const modules = new Map<StaticModel, string>();
  const show: Show = (model, el) => {
    const module = modules.get(model) ?? "";
    const widget = WIDGETS[module];
    if (!widget) throw new Error(`This page contains no widget "${module}".`);
    return renderStatic(widget, model, el);
  };
  for (const { id, module, state } of saved) {
    const model = new StaticModel(state, ANSWERS[module], models, show);
    models.set(id, model);
    modules.set(model, module);
  }
  for (const { id, module, label, inside } of saved) {
    const model = models.get(id);
    const place = typeof main === "function" ? main(id) : main;
    if (inside || !model || !place) continue;
    const section = document.createElement("section");
    section.setAttribute("aria-label", label);
    section.dataset.widget = module;
    place.append(section);
    await show(model, section);
  }
}

const main = document.querySelector("main");
const state = document.getElementById("state");
if (main && state) {
  document.getElementById("loading")?.remove();
  void start(main, readState(state.textContent ?? ""));
}

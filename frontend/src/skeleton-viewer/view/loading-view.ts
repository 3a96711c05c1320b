// Notes about cells that are loading, have no skeleton, or could not be loaded.
import { h, listen } from "../../shared/dom";
import type { RootId } from "../../shared/root-ids";
import type { Cell } from "../data/cell";
import type { Entry } from "../data/cell-loader";
import { FRAGMENT } from "./partner-text";

const MOST_NOTES = 4;
const LOADING = /waiting|synapses|skeleton/;

export class LoadingView {
  readonly el = h("div", { class: "skv-notes", "aria-live": "polite" });
  readonly #retry: (id: RootId) => void;
  isLoading = false;
  #key = "";

  constructor(retry: (id: RootId) => void) {
    this.#retry = retry;
  }

  update(entries: readonly Entry[], canRetry: (entry: Entry) => boolean): void {
    const key = JSON.stringify(entries.map(({ id, status, message }) => [id, status, message]));
    if (key === this.#key) return;
    this.#key = key;
    this.isLoading = entries.some(({ status }) => LOADING.test(status));
    if (entries.length === 0) {
      this.el.replaceChildren(h("p", {}, "No cell is chosen."));
      return;
    }
    const loading = entries.filter(({ status }) => LOADING.test(status));
    const problems = entries.filter(({ status }) => status === "missing" || status === "failed");
    const notes = problems.slice(0, MOST_NOTES).map((entry) => this.#note(entry, canRetry(entry)));
    const incomplete = entries.filter(({ status, message }) => status === "ready" && message);
    notes.push(...incomplete.slice(0, MOST_NOTES).map(withoutSynapses));
    if (problems.length > MOST_NOTES) {
      notes.push(
        h("p", {}, `${problems.length - MOST_NOTES} more cells could not be loaded completely.`),
      );
    }
    if (loading.length > 0)
      notes.unshift(progress(entries.length - loading.length, loading, entries));
    this.el.replaceChildren(...notes);
  }

  #note({ id, status, message, cell }: Entry, again: boolean): HTMLElement {
    const head =
      status === "missing"
        ? withoutSkeleton(id, cell)
        : cell
          ? `The skeleton of cell ${id} could not be loaded.`
          : `Cell ${id} could not be loaded.`;
    const retry = h("button", { type: "button", class: "skv-retry" }, "Try again");
    listen(retry, "click", () => this.#retry(id));
    const detail = h("details", {}, h("summary", {}, "Why"), h("span", {}, message));
    const why = status === "missing" ? detail : h("span", { class: "skv-why" }, message);
    return h("div", { class: `skv-note skv-${status}` }, h("p", {}, head), why, again && retry);
  }
}

function withoutSkeleton(id: RootId, cell: Cell | null): string {
  const hasSynapses = cell?.synapses.loaded !== false;
  if (cell?.about.is_cell === false) {
    const rest = hasSynapses ? "only its synapses are shown" : "its synapses are not loaded";
    return `${id} is not a cell of this dataset. ${FRAGMENT} It has no skeleton; ${rest}.`;
  }
  if (!hasSynapses)
    return `Cell ${id} has no skeleton in this dataset, and its synapses are not loaded.`;
  const rest = cell?.soma ? "only its soma and synapses are shown" : "only its synapses are shown";
  return `Cell ${id} has no skeleton in this dataset; ${rest}.`;
}

/** A note that can be hidden, because the picture behind it is as complete as it will get. */
function withoutSynapses({ id, message }: Entry): HTMLElement {
  const hide = h("button", { type: "button", class: "skv-hide" }, "Hide");
  const note = h("div", { class: "skv-note" }, h("p", {}, `Cell ${id}: ${message}`), hide);
  listen(hide, "click", () => note.remove());
  return note;
}

function progress(done: number, loading: readonly Entry[], all: readonly Entry[]): HTMLElement {
  const what = loading.find(({ status }) => status === "skeleton") ? "skeleton" : "synapses";
  const text =
    all.length === 1
      ? `Loading the ${what} of cell ${all[0]?.id} …`
      : `Loading cells: ${done} of ${all.length} loaded …`;
  // The progress of a single cell is unknown: a bar without a value shows only that work is going on.
  const bar = h("progress", {
    "aria-label": text,
    ...(all.length > 1 ? { max: all.length, value: done } : {}),
  });
  return h("div", { class: "skv-note skv-loading" }, h("p", {}, text), bar);
}

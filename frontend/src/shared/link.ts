// Links widgets on pages without a kernel, so that they share one selection. With a kernel, Python
// does this: microns_widgets/widgets/_link_rules.py describes the rules; one set of cases tests both.
import type { AnyModel } from "@anywidget/types";
import { LARGEST_SELECTION, LINK_TRAITS } from "./contract";
import { withNulls } from "./nulls";
import type { RootId } from "./root-ids";

export type Kind = keyof typeof LINK_TRAITS;

/** What was chosen; an empty list of ids means that a choice was cleared. */
export interface Choice {
  what: "cell" | "pair" | "selection";
  ids: readonly RootId[];
}

/** Whether a widget has a cell: on one side, or `""` for either. */
export type Has = (side: "pre" | "post" | "", id: RootId) => boolean;
type Get = (trait: string) => unknown;
type Traits = Record<string, unknown>;

/** The pair that a viewer shows: two cells, the second of which is the partner. */
export function pairIn(
  cells: readonly RootId[],
  partner: RootId | null,
): [pre: RootId, post: RootId] | null {
  const [pre, post] = cells;
  return cells.length === 2 && pre && post && partner === post ? [pre, post] : null;
}

/** The choice that the new value of a trait expresses; null if it expresses none. */
export function choiceFrom(trait: string, get: Get): Choice | null {
  const list = (name: string) => (get(name) ?? []) as RootId[];
  const one = get(trait) as RootId | null;
  if (trait === "cells" || trait === "partner") {
    const pair = pairIn(list("cells"), get("partner") as RootId | null);
    if (pair) return { what: "pair", ids: pair };
  }
  switch (trait) {
    case "value":
    case "cell":
      return { what: "cell", ids: one ? [one] : [] };
    case "partner":
    case "cells": {
      const marked = trait === "partner" && one;
      const ids = marked ? [one] : list("cells");
      return ids.length === 1 ? { what: "cell", ids } : null;
    }
    case "pair":
      if (one) return { what: "pair", ids: list(trait) };
      return get("cell") ? { what: "cell", ids: [get("cell") as RootId] } : null;
    case "selected":
    case "stimulus_cells":
      return { what: "selection", ids: list(trait) };
    default: {
      const both = new Set([...list("selected_pre"), ...list("selected_post")]);
      return { what: "selection", ids: [...both] };
    }
  }
}

/** The traits that a widget sets after a choice in another widget, in this order. */
export function traitsAfter(kind: Kind, { what, ids }: Choice, has: Has): Traits {
  if (what === "selection") return selection(kind, ids, has);
  const known = [...new Set(ids)].filter((id) => has("", id));
  const [first, second] = ids;
  if (kind === "viewer") {
    if (known.length === 0) return {};
    const marked = what === "pair" && second && known.includes(second);
    return { cells: known, partner: marked ? second : null };
  }
  if (kind === "picker") {
    return !first || known.includes(first) ? { value: first ?? null } : {};
  }
  const outside = ids.find((id) => !has("", id)) ?? null;
  if (kind === "player") return { cell: first && known.includes(first) ? first : null, outside };
  if (what === "pair") {
    const fits = first && second && has("pre", first) && has("post", second);
    return { pair: fits ? [...ids] : null, outside };
  }
  // Without a choice, the viewer keeps what it shows, and so the pair stays.
  const cleared = first ? { pair: null } : {};
  return { ...cleared, cell: known[0] ?? null, outside };
}

function selection(kind: Kind, ids: readonly RootId[], has: Has): Traits {
  const of = (side: Parameters<Has>[0]) => ids.filter((id) => has(side, id));
  const selections: [string, RootId[]][] = [];
  if (kind === "picker") selections.push(["selected", of("")]);
  if (kind === "matrix")
    selections.push(["selected_pre", of("pre")], ["selected_post", of("post")]);
  if (kind === "player") selections.push(["stimulus_cells", of("")]);
  const fitting = selections.filter(([, cells]) => cells.length <= LARGEST_SELECTION);
  const outside =
    kind === "matrix" || kind === "player"
      ? { selected_outside: ids.filter((id) => !has("", id)).length }
      : {};
  return { ...Object.fromEntries(fitting), ...outside };
}

// Each widget has its own copy of this module, so the flag is stored on the page.
const FOLLOWING = Symbol.for("microns-widgets.following");
const page = globalThis as { [FOLLOWING]?: boolean };

/** Lets a widget follow the widgets it is linked to, unless a kernel does so. */
export function follow<T extends Traits>(
  model: AnyModel<T>,
  kind: Kind,
  has: Has,
  signal: AbortSignal,
): void {
  const linked = (model.get("linked") ?? {}) as Record<string, Kind>;
  for (const [id, otherKind] of Object.entries(linked)) {
    model.widget_manager.get_model(id).then(
      (other) => listenTo(other as unknown as AnyModel, otherKind),
      // The other widget was not saved with this page.
      () => {},
    );
  }

  function listenTo(other: AnyModel, otherKind: Kind): void {
    if (signal.aborted) return;
    for (const trait of LINK_TRAITS[otherKind] ?? []) {
      const callback = () => {
        if (!hasKernel(other) && !page[FOLLOWING])
          adopt(choiceFrom(trait, (name) => withNulls(other.get(name))));
      };
      other.on(`change:${trait}`, callback);
      signal.addEventListener("abort", () => other.off(`change:${trait}`, callback));
    }
  }

  function adopt(choice: Choice | null): void {
    if (!choice) return;
    unfollowed(() => {
      for (const [name, value] of Object.entries(traitsAfter(kind, choice, has))) {
        model.set(name as keyof T, value as T[keyof T]);
      }
    });
    model.save_changes();
  }
}

/** Changes models without a change of those that are linked to them. */
export function unfollowed(change: () => void): void {
  page[FOLLOWING] = true;
  try {
    change();
  } finally {
    page[FOLLOWING] = false;
  }
}

// The widget manager returns the model itself, which knows whether it is connected to Python.
export function hasKernel(model: AnyModel): boolean {
  return (model as { comm_live?: boolean }).comm_live === true;
}

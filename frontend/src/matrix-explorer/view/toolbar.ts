// The one row of controls above the matrix: value, order, what is shown; the rest is under "More".
import { VALUES_WITHOUT_SIZES } from "../../shared/contract";
import { h } from "../../shared/dom";
import { savedKinds } from "../data/chance";
import { SHORT_NAMES } from "../data/connection-values";
import { TYPE_TITLES } from "../data/type-summary";
import { isTable, ofTypes, type State } from "../state";
import type { Store } from "../store";
import { Controls, MIXED, orderOptions } from "./controls";

const SHOWN = [
  ["cells", "cells"],
  ["types", "types"],
  ["connection_table", "table of connections"],
  ["cell_table", "table of cells"],
  ["type_table", "table of types"],
] as const;

const NULL_NAMES: Record<State["null"], string> = {
  density: "density",
  degrees: "numbers of partners",
  blocks: "connections of types",
  distance: "distances",
  degrees_distance: "partners and distances",
};

export interface Toolbar {
  root: HTMLElement;
  draw(): void;
}

export function toolbar(store: Store, more: Toolbar): Toolbar {
  const controls = new Controls(store);
  const needsSizes = (value: string) =>
    !store.hasSizes && !VALUES_WITHOUT_SIZES.some((name) => name === value);
  const value = controls.choice(
    "value",
    "Value",
    Object.entries(SHORT_NAMES).filter(([name]) => !needsSizes(name)),
  );
  const saved = savedKinds(store.model);
  const typeValue = controls.choice(
    "type_value",
    "Value",
    Object.entries(TYPE_TITLES).filter(
      ([name]) =>
        (name !== "mean_size" || store.hasSizes) && (name !== "ratio" || saved?.size !== 0),
    ),
  );
  const chance = controls.choice(
    "null",
    "Chance keeps",
    Object.entries(NULL_NAMES).filter(([kind]) => saved?.has(kind) ?? true),
  );
  const order = controls.list(
    "Order",
    orderOptions(store),
    () => {
      const [pre, post] = [store.get("order_pre"), store.get("order_post")];
      return pre === post ? pre : MIXED;
    },
    async (by) => {
      await store.order("pre", by);
      await store.order("post", by);
      draw();
    },
  );
  const root = h(
    "div",
    { class: "mx-toolbar" },
    value,
    typeValue,
    chance,
    order,
    controls.choice("show", "Show", SHOWN),
    more.root,
  );
  const draw = () => {
    const show = store.get("show");
    value.hidden = ofTypes(show) || isTable(show);
    typeValue.hidden = show !== "types";
    chance.hidden = typeValue.hidden || store.get("type_value") !== "ratio";
    order.hidden = ofTypes(show);
    controls.draw();
    more.draw();
  };
  return { root, draw };
}

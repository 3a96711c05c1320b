// The toolbar above the matrix.

import { COLORMAPS, ORDERS, VALUES_WITHOUT_SIZES } from "../../shared/contract";
import { h, listen } from "../../shared/dom";
import type { Side } from "../data/cell-order";
import { SHORT_NAMES } from "../data/connection-values";
import { TYPE_TITLES } from "../data/type-summary";
import { zoomed } from "../data/visible-window";
import { nameOf, type State } from "../state";
import type { Store } from "../store";

type Options = readonly (readonly [value: string, text: string])[];

export interface Toolbar {
  root: HTMLElement;
  draw(): void;
}

export function toolbar(store: Store, selecting: (on: boolean) => void): Toolbar {
  const { rows, columns } = store.data;
  const shared = [...rows.texts.keys()].filter((name) => columns.texts.has(name));
  const selects: { name: keyof State & string; element: HTMLSelectElement }[] = [];
  const choice = (name: keyof State & string, label: string, options: Options) => {
    const element = h("select", {}, ...options.map(option));
    listen(element, "change", () => {
      if (name === "order_pre" || name === "order_post") void orderBoth(name, element.value);
      else store.set({ [name]: element.value } as Partial<State>);
    });
    selects.push({ name, element });
    return h("label", {}, label, element);
  };
  const needsSizes = (value: string) =>
    !store.hasSizes && !VALUES_WITHOUT_SIZES.some((name) => name === value);
  const sameOrder = h("input", { type: "checkbox", checked: true });
  const orderBoth = async (name: "order_pre" | "order_post", by: string) => {
    const sides: Side[] = sameOrder.checked
      ? ["pre", "post"]
      : [name === "order_pre" ? "pre" : "post"];
    for (const side of sides) {
      const axis = side === "pre" ? rows : columns;
      // The other axis may lack this column, or a custom order from Python.
      if (by === "own" && !store.get(`own_${side}`)) continue;
      if (!isOrder(by) && !axis.texts.has(by)) continue;
      await store.order(side, by);
    }
    draw();
  };
  const orders = (side: Side): Options => {
    const axis = side === "pre" ? rows : columns;
    const others = ORDERS.filter(
      (name) => name !== "given" && name !== "own" && (name !== "depth" || axis.depth !== null),
    );
    const names = ["given", ...axis.texts.keys(), ...others, "own"];
    return names.map((name) => [name, nameOf(name, side)]);
  };

  const forCells = h(
    "div",
    { class: "mx-controls" },
    choice(
      "value",
      "Value",
      entries(SHORT_NAMES).filter(([name]) => !needsSizes(name)),
    ),
    choice("pixel", "Pixels show", [
      ["largest", "largest value"],
      ["count", "number of connections"],
    ]),
    choice("order_pre", "Rows by", orders("pre")),
    choice("order_post", "Columns by", orders("post")),
    h("label", { class: "mx-check" }, sameOrder, "same order for both"),
  );
  const forTypes = h(
    "div",
    { class: "mx-controls" },
    choice(
      "type_value",
      "Value",
      entries(TYPE_TITLES).filter(([name]) => store.hasSizes || name !== "mean_size"),
    ),
  );
  const select = h(
    "button",
    {
      type: "button",
      "aria-pressed": "false",
      title: "Select cells by dragging (or hold Shift and drag)",
    },
    "Select",
  );
  listen(select, "click", () => {
    const on = select.getAttribute("aria-pressed") !== "true";
    select.setAttribute("aria-pressed", String(on));
    selecting(on);
  });
  const zoom = h(
    "div",
    { class: "mx-buttons", role: "group", "aria-label": "Zoom" },
    button("+", "Zoom in", () => zoomBy(store, 2)),
    button("−", "Zoom out", () => zoomBy(store, 0.5)),
    button("All", "Show the whole matrix", () => store.lookAtAll()),
    select,
  );
  const root = h(
    "div",
    { class: "mx-toolbar" },
    choice("show", "Show", [
      ["cells", "cells"],
      ["types", "types"],
    ]),
    choice(
      "by",
      "Group by",
      shared.map((name) => [name, nameOf(name)]),
    ),
    choice(
      "colormap",
      "Colours",
      COLORMAPS.map((name) => [name, name]),
    ),
    forCells,
    forTypes,
    zoom,
  );
  const draw = () => {
    const types = store.get("show") === "types";
    forCells.hidden = zoom.hidden = types;
    forTypes.hidden = !types;
    for (const { name, element } of selects) {
      const value = String(store.get(name));
      if (element.value !== value) element.value = value;
    }
    for (const side of ["pre", "post"] as const) {
      const element = selects.find(({ name }) => name === `order_${side}`)?.element;
      const own = element?.querySelector<HTMLOptionElement>('option[value="own"]');
      if (own) own.hidden = own.disabled = !store.get(`own_${side}`);
    }
  };
  return { root, draw };
}

export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  // A symbol needs a label; a word does not.
  const name = /^\w+$/.test(text) ? {} : { "aria-label": label };
  const element = h("button", { type: "button", title: label, ...name }, text);
  listen(element, "click", act);
  return element;
}

function zoomBy(store: Store, factor: number): void {
  const { window, layout } = store;
  const about = store.cross
    ? { row: store.cross.row + 0.5, column: store.cross.column + 0.5 }
    : { row: (window.top + window.bottom) / 2, column: (window.left + window.right) / 2 };
  const both = { across: factor, down: factor };
  store.look(zoomed(window, both, about, layout.nRows, layout.nColumns));
}

function option([value, text]: readonly [string, string]): HTMLOptionElement {
  return h("option", { value }, text);
}

function entries(names: Record<string, string>): Options {
  return Object.entries(names);
}

function isOrder(name: string): boolean {
  return (ORDERS as readonly string[]).includes(name);
}

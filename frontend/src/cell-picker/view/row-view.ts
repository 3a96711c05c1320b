// One row of the table: a line with a cell for each column, or two lines in a narrow space.
import type { Column, Table } from "../../shared/columns";
import { h } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import { color } from "../../shared/palette";
import type { Theme } from "../../shared/theme";
import type { Store } from "../store";
import { cellText, heading, PROOFREADING, TYPE, titleWithoutUnit } from "./headings";

/** How rows look: their height in pixels, their columns, and the text of each of them. */
export interface RowLayout {
  height: number;
  columns: readonly RowColumn[];
}

export interface RowColumn {
  name: string;
  title: string;
  kind: string;
  text(row: number): string;
  /** The text in full, if `text` is shortened. */
  full?(row: number): string;
  /** The text for screen readers, with what it is and its unit. */
  spoken(row: number): string;
}

/** Rows with one line. */
export function wideRows(table: Table, names: readonly string[]): RowLayout {
  const columns = names.map((name): RowColumn => {
    const column = table.columns.get(name) as Column;
    const text = (row: number) => cellText(column, row);
    if (name === PROOFREADING) {
      const { title } = heading(name);
      const short = (row: number) => inShort(text(row));
      return { name, title, kind: column.kind, text: short, full: text, spoken: text };
    }
    const { name: what, unit } = titleWithoutUnit(name);
    // A word says what it is; a number, an id and "yes" do not.
    const spoken = (row: number) => {
      const value = text(row);
      if (value === "" || column.kind === "text") return value;
      return [what, value, unit].filter(Boolean).join(" ");
    };
    return { name, title: heading(name).title, kind: column.kind, text, spoken };
  });
  return { height: 26, columns };
}

/** Rows with two lines: type and place, root id and proofreading. */
export function narrowRows(table: Table): RowLayout {
  const of = (name: string) => {
    const column = table.columns.get(name);
    return column ? (row: number) => cellText(column, row) : () => "";
  };
  const [region, depth, strategy] = [of("region"), of("depth"), of(PROOFREADING)];
  const { name: what, unit } = titleWithoutUnit("depth");
  const place = (row: number, before = "") => {
    const um = depth(row);
    return [region(row), um && `${before}${um} ${unit}`].filter(Boolean);
  };
  const proofreading = (row: number) => inShort(strategy(row));
  return {
    height: 44,
    columns: [
      { name: TYPE, title: heading(TYPE).title, kind: "text", text: of(TYPE), spoken: of(TYPE) },
      {
        name: "region",
        title: "region and depth",
        kind: "place",
        text: (row) => place(row).join(" · "),
        spoken: (row) => place(row, `${what} `).join(", "),
      },
      {
        name: "pt_root_id",
        title: "root id",
        kind: "ids",
        text: of("pt_root_id"),
        spoken: (row) => `root id ${of("pt_root_id")(row)}`,
      },
      {
        name: PROOFREADING,
        title: "proofreading",
        kind: "proofreading",
        text: proofreading,
        full: strategy,
        spoken: strategy,
      },
    ],
  };
}

/** What tells a strategy of proofreading apart from the others: there is no space for more. */
export function inShort(strategy: string): string {
  const short = strategy.replace(/^axon_(.*?)(_extended)?$/, "$1");
  return short && `✓ ${short.replaceAll("_", " ")}`;
}

/** An empty row. */
export function newRow({ columns }: RowLayout): HTMLElement {
  const cells = columns.map(({ kind }, i) =>
    h("div", { role: "gridcell", class: `mw-cell mw-${kind}`, "aria-colindex": i + 2 }),
  );
  const box = h("div", { role: "gridcell", class: "mw-cell mw-box", "aria-colindex": 1 });
  box.append(h("span", { class: "mw-tick", "aria-hidden": "true" }));
  return h("div", { role: "row", class: "mw-row" }, box, ...cells);
}

/** What a row shows besides its cell. */
export interface RowState {
  place: number;
  active: boolean;
  lit: boolean;
  theme: Theme;
}

/** Fills a row; only what has changed is written, since writing causes layout. */
export function paintRow(
  element: HTMLElement,
  { height, columns }: RowLayout,
  store: Store,
  row: number,
  { place, active, lit, theme }: RowState,
): void {
  const top = `translateY(${place * height}px)`;
  if (element.style.transform !== top) element.style.transform = top;
  const selected = String(store.selectedRows.has(row));
  setAttribute(element, "aria-rowindex", String(place + 2));
  setAttribute(element, "aria-selected", selected);
  element.toggleAttribute("data-value", row === store.valueRow);
  element.toggleAttribute("data-active", active);
  element.toggleAttribute("data-lit", lit);
  element.toggleAttribute("data-no-segment", !store.isCell(row));
  if (row === store.valueRow) setAttribute(element, "aria-current", "true");
  else element.removeAttribute("aria-current");
  const saved = store.isSaved(row);
  element.toggleAttribute("data-not-saved", !saved);
  const where = saved ? "" : "not saved in this file, ";
  const at = `${where}row ${grouped(place + 1)} of ${grouped(store.rows.length)}`;
  setAttribute(element, "aria-label", rowText(columns, row, at));
  // The same cell again, such as after a click.
  const shown = `${row} ${theme}`;
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  columns.forEach(({ name, text: textOf, full }, i) => {
    const cell = element.children[i + 1] as HTMLElement;
    const text = textOf(row);
    if (cell.textContent !== text) {
      cell.textContent = text;
      cell.title = full?.(row) ?? text;
    }
    if (name !== TYPE) return;
    cell.style.setProperty("--mw-color", color(text, theme));
    cell.toggleAttribute("data-swatch", text !== "");
  });
}

/** A row in words for screen readers: the long id and the place in the table come last. */
function rowText(columns: readonly RowColumn[], row: number, place: string): string {
  const spoken = (ids: boolean) =>
    columns.filter(({ kind }) => (kind === "ids") === ids).map((column) => column.spoken(row));
  return [...spoken(false), ...spoken(true), place].filter(Boolean).join(", ");
}

function setAttribute(element: HTMLElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

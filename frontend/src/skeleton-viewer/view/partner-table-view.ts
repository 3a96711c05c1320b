// The table of partners below the picture: sorted, filtered, collapsed by type, by mouse and keyboard.
import { clipped } from "../../shared/clipped";
import { h, listen } from "../../shared/dom";
import { counted } from "../../shared/number-format";
import type { RootId } from "../../shared/root-ids";
import type { Theme } from "../../shared/theme";
import type { Cell } from "../data/cell";
import type { SynapseAt } from "../data/partner";
import {
  type Filter,
  filterRows,
  partnerRows,
  type Row,
  type SortKey,
  sortRows,
  typeRows,
} from "../data/partner-table";
import { partnerCode } from "../export/partner-code";
import { partnersCsv } from "../export/partners-csv";
import { columns } from "./partner-columns";
import { PartnerControls } from "./partner-controls";
import { PartnerRows, type Sort } from "./partner-rows";
import { headingText, shortId } from "./partner-text";
import { tableDivider } from "./table-divider";

export interface TableActs {
  mark(id: RootId | null): void;
  go(id: RootId): void;
  /** The pointer or the focus is on a row; null: on none. */
  point(row: { id: RootId | null; synapses: readonly SynapseAt[] } | null): void;
}

const ALL: Filter = { directions: "both", group: "", least: 1 };

export class PartnerTableView {
  readonly el: HTMLElement;
  readonly #of = h("span");
  // Left out where there is no room for it; the sentence below has the numbers of synapses.
  readonly #numbers = h("span", { class: "skp-numbers" });
  readonly #status = h("p", { class: "skp-status", role: "status" });
  readonly #controls: PartnerControls;
  readonly #rows: PartnerRows;
  readonly #hasSizes: boolean;
  #cells: readonly Cell[] = [];
  #loading = false;
  #request = 0;
  #filter = ALL;
  #byType = false;
  #sort: Sort = { key: null, descending: true };
  #visible: Row[] = [];
  #all: Row[] = [];

  constructor(acts: TableActs, hasSizes: boolean) {
    this.#hasSizes = hasSizes;
    this.#controls = new PartnerControls({
      change: (filter, byType) => {
        [this.#filter, this.#byType] = [filter, byType];
        this.#compute();
      },
      csv: () => partnersCsv(this.#visible, this.#byType),
      fileName: () => `partners_of_${this.#cells[0]?.id ?? "none"}.csv`,
      code: () =>
        partnerCode({
          ...this.#filter,
          cells: this.#cells.map(({ id }) => id),
          byType: this.#byType,
          hasSizes,
        }),
      say: (text) => this.#say(text),
    });
    this.#rows = new PartnerRows({
      ...acts,
      sort: (key) => this.#sortBy(key),
      open: (row) => this.#open(row),
    });
    const body = h("div", { class: "skp-body" }, this.#controls.el, this.#rows.el, this.#status);
    const fold = h(
      "button",
      { type: "button", class: "skp-fold", "aria-expanded": "true" },
      h("b", {}, "Partners"),
      " ",
      h("span", { class: "skp-heading" }, this.#of, this.#numbers),
    );
    listen(fold, "click", () => {
      body.hidden = this.#controls.exports.hidden = !body.hidden;
      this.el.classList.toggle("skp-folded", body.hidden);
      fold.setAttribute("aria-expanded", String(!body.hidden));
    });
    const top = h("div", { class: "skp-top" }, fold, this.#controls.exports);
    this.el = h("section", { class: "skp", "aria-label": "Partners" }, top, body);
    this.el.prepend(tableDivider(this.el));
  }

  /**
   * Shows the partners of cells, whether the picture hides their synapses or not. While more is
   * loading, nothing is announced: it would soon be wrong.
   */
  show(cells: readonly Cell[], loading: boolean): void {
    [this.#cells, this.#loading] = [cells, loading];
    // While cells load, they change several times between two frames.
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      this.#compute();
    });
  }

  set theme(theme: Theme) {
    this.#rows.theme = theme;
  }

  /** Marks the row of the chosen partner. */
  mark(id: RootId | null): void {
    this.#rows.mark(id);
  }

  /** Lights up the rows of partners that the pointer is on elsewhere. */
  light(ids: readonly RootId[]): void {
    this.#rows.light(ids);
  }

  /** A partner's synapses in the table, whatever its filters leave out. */
  synapsesOf(id: RootId): readonly SynapseAt[] {
    return this.#all.find((row) => row.id === id)?.synapses ?? [];
  }

  #compute(): void {
    const cells = this.#cells;
    this.#all = partnerRows(cells, "both");
    const { directions } = this.#filter;
    const rows = directions === "both" ? this.#all : partnerRows(cells, directions);
    this.#controls.setGroups(this.#all);
    this.#filter = this.#controls.filter;
    const left = filterRows(rows, this.#filter);
    const { key, descending } = this.#sort;
    this.#visible = sortRows(this.#byType ? typeRows(left) : left, key, descending);
    const unloaded = cells.length > 0 && cells.every(({ synapses }) => !synapses.loaded);
    this.#of.textContent = unloaded ? "– synapses not loaded" : this.#ofText();
    this.#numbers.textContent = unloaded || !cells[0] ? "" : `: ${headingText(this.#all)}`;
    this.#rows.show(this.#visible, columns(this.#byType, this.#hasSizes), this.#sort);
    this.el.classList.toggle("skp-without", this.#all.length === 0);
    if (!this.#loading) this.#say(this.#statusText(rows.length, left.length));
  }

  #ofText(): string {
    const [first, ...others] = this.#cells;
    if (!first) return "";
    if (others.length > 0) return `of the ${this.#cells.length} cells shown`;
    const type = first.about.type ? `${clipped(first.about.type)} ` : "";
    return `of ${type}${shortId(first.id)}`;
  }

  #statusText(all: number, left: number): string {
    const shown = this.#byType
      ? `${counted(this.#visible.length, "type")} of ${counted(left, "partner")}`
      : left === all
        ? counted(left, "partner")
        : `${counted(left, "partner")} of ${all}`;
    const without = this.#cells.filter(({ tree }) => tree === null || tree.soma === null);
    const distances =
      without.length === 0 || all === 0
        ? ""
        : without.length < this.#cells.length
          ? ` No distances for ${counted(without.length, "cell")} without a skeleton or soma.`
          : without.some(({ tree }) => tree === null)
            ? " No distances: there is no skeleton."
            : " No distances: the skeleton has no soma.";
    return `${shown}.${distances}`;
  }

  #sortBy(key: SortKey): void {
    const before = this.#sort;
    const column = columns(this.#byType, this.#hasSizes).find((one) => one.key === key);
    const first = column?.largestFirst ?? true;
    this.#sort = { key, descending: before.key === key ? !before.descending : first };
    this.#compute();
    this.#say(
      `Sorted by ${column?.title}, ${this.#sort.descending ? "descending" : "ascending"}. ` +
        `${counted(this.#visible.length, "row")}.`,
    );
  }

  /** Shows the partners of one type. */
  #open({ group }: Row): void {
    this.#controls.choose({ ...this.#filter, group }, false);
  }

  #say(text: string): void {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}

// The controls of the partner table: direction, type, threshold, collapsed by type, exports.
import { copyText } from "../../shared/clipboard";
import { h, listen } from "../../shared/dom";
import { download } from "../../shared/download";
import { typeOrder } from "../../shared/palette";
import {
  type Filter,
  FRAGMENTS,
  groupOf,
  type Row,
  type TableDirections,
} from "../data/partner-table";
import { typeText } from "./partner-text";

export interface ControlActs {
  change(filter: Filter, byType: boolean): void;
  csv(): string;
  fileName(): string;
  code(): string;
  say(text: string): void;
}

const DIRECTIONS: Record<TableDirections, string> = {
  both: "in & out",
  inputs: "inputs",
  outputs: "outputs",
};

export class PartnerControls {
  readonly el: HTMLElement;
  /** Buttons that write the table. */
  readonly exports: HTMLElement;
  readonly #acts: ControlActs;
  readonly #directions = h(
    "select",
    { "aria-label": "Direction" },
    ...Object.entries(DIRECTIONS).map(([value, name]) => h("option", { value }, name)),
  );
  readonly #group = h("select", { "aria-label": "Partner type" });
  readonly #least = h("input", {
    ...{ type: "number", min: 1, step: 1, value: 1 },
    "aria-label": "Minimum number of synapses",
  });
  readonly #byType = h("input", { type: "checkbox" });
  #groups = "";

  constructor(acts: ControlActs) {
    this.#acts = acts;
    const button = (name: string, title: string, act: () => void) => {
      const element = h("button", { type: "button", title }, name);
      listen(element, "click", act);
      return element;
    };
    this.el = h(
      "div",
      { class: "skp-bar", role: "group", "aria-label": "Partner table" },
      this.#directions,
      this.#group,
      h("label", { title: "Minimum number of synapses" }, "≥", this.#least),
      h("label", { title: "One row for each type" }, this.#byType, "by type"),
    );
    this.exports = h(
      "div",
      { class: "skp-exports" },
      button("CSV", "Save these rows as CSV", () => {
        download(acts.fileName(), acts.csv());
        acts.say("CSV saved.");
      }),
      button("Python", "Copy a line of Python that computes this table", () => void this.#copy()),
    );
    const changed = () => acts.change(this.filter, this.#byType.checked);
    for (const control of [this.#directions, this.#group, this.#byType])
      listen(control, "change", changed);
    listen(this.#least, "input", changed);
    this.setGroups([]);
  }

  get filter(): Filter {
    return {
      directions: this.#directions.value as TableDirections,
      group: this.#group.value,
      least: Math.max(1, Math.ceil(Number(this.#least.value)) || 1),
    };
  }

  choose({ directions, group, least }: Filter, byType: boolean): void {
    this.#directions.value = directions;
    this.#group.value = group;
    this.#least.value = String(least);
    this.#byType.checked = byType;
    this.#acts.change(this.filter, byType);
    this.#group.focus();
  }

  /** Offers the types that occur; a chosen one that no longer occurs is given up. */
  setGroups(rows: readonly Row[]): void {
    const types = typeOrder(rows.filter(({ isCell }) => isCell).map(({ type }) => type));
    const fragments = rows.some(({ isCell }) => !isCell);
    const groups = [
      ...types.map((type) => [groupOf(type, true), typeText({ type, isCell: true })]),
      ...(fragments ? [[FRAGMENTS, "fragments"]] : []),
    ] as [string, string][];
    const key = JSON.stringify(groups);
    if (key === this.#groups) return;
    this.#groups = key;
    const before = this.#group.value;
    const options = [["", "all types"] as const, ...groups].map(([value, name]) =>
      h("option", { value }, name),
    );
    this.#group.replaceChildren(...options);
    this.#group.value = groups.some(([value]) => value === before) ? before : "";
  }

  async #copy(): Promise<void> {
    const code = this.#acts.code();
    const copied = await copyText(code);
    this.#acts.say(
      copied
        ? "Copied: a line for the same rows and numbers, without the distances."
        : `The browser does not allow this page to copy. Copy this line: ${code}`,
    );
  }
}

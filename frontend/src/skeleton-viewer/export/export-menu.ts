// The menu of formats for export.
import { h, listen, renew } from "../../shared/dom";
import { type OutLink, outLink } from "../../shared/out-link";
import { dropDown } from "../view/drop-down";

export interface ExportActs {
  png(scale: number): Promise<void> | void;
  svg(): void;
  swc(): void;
  csv(): void;
  python(): Promise<void> | void;
  /** The link, or the reason why there is none. */
  neuroglancer(): { url: string } | { reason: string };
  /** Links to the descriptions of the tables that the cells come from. */
  tables(): readonly OutLink[];
}

export class ExportView {
  readonly el: HTMLDetailsElement;
  readonly #message = h("output");

  constructor(acts: ExportActs) {
    const scale = h(
      "select",
      { "aria-label": "PNG scale" },
      ...[1, 2, 4].map((times) =>
        h("option", { value: times, selected: times === 2 }, `${times}×`),
      ),
    );
    const act = (what: string, name: string, work: () => Promise<void> | void, done: string) => {
      const button = h("button", { type: "button", "data-export": what }, name);
      listen(button, "click", async () => {
        try {
          await work();
          this.#message.textContent = done;
        } catch (error) {
          this.#message.textContent = error instanceof Error ? error.message : String(error);
        }
      });
      return button;
    };
    const link = outLink(["Neuroglancer ↗", "Neuroglancer: images of what is shown (new tab)", ""]);
    link.dataset.export = "neuroglancer";
    const tables = h("div", { class: "skv-tables" });
    const reason = h("span", { class: "skv-why" });
    this.el = dropDown(
      "skv-export",
      "Export",
      {},
      h(
        "div",
        { class: "skv-line" },
        act("png", "PNG", () => acts.png(Number(scale.value)), "PNG saved."),
        scale,
      ),
      act("svg", "SVG", acts.svg, "SVG saved."),
      act("swc", "SWC of the skeletons", acts.swc, "SWC saved."),
      act("csv", "CSV of the synapses shown", acts.csv, "CSV saved."),
      link,
      reason,
      tables,
      act("python", "Copy as Python", acts.python, "Copied."),
      this.#message,
    );
    listen(this.el, "toggle" as "click", () => {
      if (!this.el.open) return;
      this.#message.textContent = "";
      const target = acts.neuroglancer();
      link.hidden = !("url" in target);
      reason.textContent = "reason" in target ? target.reason : "";
      if ("url" in target) link.href = target.url;
      renew(tables, ...acts.tables().map(outLink));
    });
  }
}

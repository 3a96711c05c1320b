// The menu of what a view can be written as.
import { h, listen } from "../../shared/dom";

export interface ExportActs {
  png(scale: number): Promise<void> | void;
  svg(): void;
  swc(): void;
  csv(): void;
  python(): Promise<void> | void;
  /** The link, or why there is none. */
  neuroglancer(): { url: string } | { reason: string };
}

export class ExportView {
  readonly el: HTMLDetailsElement;
  readonly #said = h("output", { class: "skv-said" });

  constructor(acts: ExportActs) {
    const scale = h(
      "select",
      { "aria-label": "Scale of the PNG" },
      ...[1, 2, 4].map((times) =>
        h("option", { value: times, selected: times === 2 }, `${times}×`),
      ),
    );
    const act = (what: string, name: string, work: () => Promise<void> | void, done: string) => {
      const button = h("button", { type: "button", "data-export": what }, name);
      listen(button, "click", async () => {
        try {
          await work();
          this.#said.textContent = done;
        } catch (error) {
          this.#said.textContent = error instanceof Error ? error.message : String(error);
        }
      });
      return button;
    };
    const link = h(
      "a",
      { "data-export": "neuroglancer", target: "_blank", rel: "noopener" },
      "Neuroglancer ↗",
    );
    const reason = h("span", { class: "skv-why" });
    this.el = h(
      "details",
      { class: "skv-export" },
      h("summary", {}, "Export"),
      h(
        "div",
        { class: "skv-menu" },
        h(
          "div",
          {},
          act("png", "PNG", () => acts.png(Number(scale.value)), "PNG saved."),
          scale,
        ),
        act("svg", "SVG", acts.svg, "SVG saved."),
        act("swc", "SWC of the skeletons", acts.swc, "SWC saved."),
        act("csv", "CSV of the synapses shown", acts.csv, "CSV saved."),
        link,
        reason,
        act("python", "Copy as Python", acts.python, "Copied."),
        this.#said,
      ),
    );
    listen(this.el, "toggle" as "click", () => {
      if (!this.el.open) return;
      this.#said.textContent = "";
      const found = acts.neuroglancer();
      link.hidden = !("url" in found);
      reason.textContent = "reason" in found ? found.reason : "";
      if ("url" in found) link.href = found.url;
    });
    listen(this.el, "keydown", (event) => {
      if (event.key !== "Escape") return;
      this.el.open = false;
      this.el.querySelector("summary")?.focus();
      event.stopPropagation();
    });
  }
}

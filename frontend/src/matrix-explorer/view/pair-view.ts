// The chosen pair: both cells, and their synapses, which Python lists.
import { h, listen } from "../../shared/dom";
import { format } from "../../shared/number-format";
import { ask, RequestError } from "../../shared/request";
import type { Side } from "../data/cell-order";
import { labelName } from "../state";
import type { Store } from "../store";
import { describeCell, describeConnection } from "./descriptions";

interface SynapseList {
  n: number;
  synapses: { id: string; position_um: [number, number, number]; size?: number }[];
}

export class PairView {
  readonly root = h("section", { class: "mx-pair", "aria-label": "Chosen pair", hidden: true });
  /** What has been chosen, for screen readers. */
  readonly announcement = h("p", { class: "mw-aloud", "aria-live": "polite" });
  readonly #store: Store;
  readonly #signal: AbortSignal;
  #key = "";

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
    store.on((change) => {
      if (change === "choice" || change === "picture") void this.draw();
    });
    void this.draw();
  }

  async draw(): Promise<void> {
    const pair = this.#store.get("pair");
    const key = `${pair} ${this.#store.get("by")}`;
    if (key === this.#key) return;
    this.#key = key;
    this.root.hidden = pair === null;
    // Who reads on must not find a pair that is no longer chosen.
    this.announcement.textContent = "";
    if (!pair) return;
    const [row, column] = [
      this.#store.placeOf("pre", pair[0]),
      this.#store.placeOf("post", pair[1]),
    ];
    const list = h("div", { class: "mx-synapses" });
    if (row < 0 || column < 0) {
      this.root.replaceChildren(
        h("p", {}, `${pair.join(" → ")} is not a cell pair of this matrix.`),
      );
      return;
    }
    const close = h("button", { type: "button", class: "mx-close", "aria-label": "Close" }, "×");
    listen(close, "click", () => {
      this.#store.closePair();
      // The button is gone, and the focus must not be lost.
      this.root.parentElement?.focus({ preventScroll: true });
    });
    this.root.replaceChildren(
      h("h3", {}, "Chosen pair"),
      close,
      this.#cell("pre", row),
      this.#cell("post", column),
      h("p", { class: "mx-connection" }, describeConnection(this.#store, { row, column })),
      list,
    );
    this.announcement.textContent = `Chosen pair: ${this.#brief("pre", row)} onto ${this.#brief("post", column)}, ${describeConnection(this.#store, { row, column })}`;
    if (this.#store.entryAt({ row, column }) < 0) return;
    list.textContent = this.#store.get("lists_synapses") ? "Loading the synapses …" : "";
    if (!this.#store.get("lists_synapses")) return;
    try {
      const { content } = await ask<SynapseList>(this.#store.model, "synapses", pair, {
        signal: this.#signal,
      });
      if (key === this.#key) list.replaceChildren(...table(content));
    } catch (error) {
      if (key !== this.#key || this.#signal.aborted) return;
      const noKernel = error instanceof RequestError && error.type === "NoKernel";
      list.textContent = noKernel
        ? "To list the synapses, Python must be running: open the notebook in Jupyter or Colab."
        : (error as Error).message;
    }
  }

  #brief(side: Side, place: number): string {
    return labelName(this.#store.labelAt(side, place));
  }

  #cell(side: Side, place: number): HTMLElement {
    const what = side === "pre" ? "from" : "onto";
    const id = this.#store.idOf(side, place);
    return h("p", {}, `${what} `, h("code", {}, id), ` ${describeCell(this.#store, side, place)}`);
  }
}

function table({ n, synapses }: SynapseList): HTMLElement[] {
  // The synapses of some datasets have no size.
  const sized = synapses.some(({ size }) => size !== undefined);
  const head = ["synapse", "x", "y", "z", ...(sized ? ["size"] : [])];
  const cell = (text: string) => h("td", {}, text);
  const rows = synapses.map(({ id, position_um, size }) =>
    h(
      "tr",
      {},
      cell(id),
      ...position_um.map((um) => cell(um.toFixed(1))),
      ...(size === undefined ? [] : [cell(format(size))]),
    ),
  );
  const columns = head.map((name) => h("th", { scope: "col" }, name));
  const more =
    n > synapses.length
      ? [h("p", {}, `and ${format(n - synapses.length)} ${sized ? "smaller" : "other"} ones`)]
      : [];
  const units = sized ? "Places in µm, sizes in voxels" : "Places in µm";
  return [
    h(
      "table",
      {},
      h("caption", {}, units),
      h("thead", {}, h("tr", {}, ...columns)),
      h("tbody", {}, ...rows),
    ),
    ...more,
  ];
}

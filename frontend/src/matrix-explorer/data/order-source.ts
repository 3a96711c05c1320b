// The orders of both axes: computed here if the data suffice, otherwise by Python.
import type { AnyModel } from "@anywidget/types";
import { ask } from "../../shared/request";
import type { State } from "../state";
import { type Order, orderBy, type Side } from "./cell-order";
import type { MatrixData } from "./matrix-data";

// Python needs several seconds to cluster 4,000 cells.
const TIMEOUT_MS = 120_000;

export class OrderSource {
  readonly #model: AnyModel<State>;
  readonly #data: MatrixData;
  readonly #signal: AbortSignal;
  readonly #cache = new Map<string, Order>();

  constructor(model: AnyModel<State>, data: MatrixData, signal: AbortSignal) {
    this.#model = model;
    this.#data = data;
    this.#signal = signal;
  }

  /** An order; null if it must be fetched. */
  get(side: Side, by: string): Order | null {
    const custom = this.#model.get(`own_${side}`) as DataView | null;
    if (by === "own") return custom && readOrder(custom);
    const key = `${side} ${by}`;
    const order = this.#cache.get(key) ?? orderBy(this.#data, side, by);
    if (order) this.#cache.set(key, order);
    return order;
  }

  /** Fetches an order from Python. */
  async fetch(side: Side, by: string): Promise<void> {
    const options = { signal: this.#signal, timeout: TIMEOUT_MS };
    const { buffers } = await ask(this.#model, "order", { axis: side, by }, options);
    const [block] = buffers;
    if (!block) throw new Error("Python did not send an order.");
    this.#cache.set(`${side} ${by}`, readOrder(block));
  }
}

function readOrder(block: DataView): Order {
  return Uint32Array.from({ length: block.byteLength / 4 }, (_, k) => block.getUint32(4 * k, true));
}

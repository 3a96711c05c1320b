// The orders of both axes: made here where the data suffice, by Python where they do not.
import type { AnyModel } from "@anywidget/types";
import { ask } from "../../shared/request";
import type { State } from "../state";
import { type Order, orderBy, type Side } from "./cell-order";
import type { MatrixData } from "./matrix-data";

// Clustering 4,000 cells takes Python some seconds.
const TIMEOUT_MS = 120_000;

export class Orders {
  readonly #model: AnyModel<State>;
  readonly #data: MatrixData;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Order>();

  constructor(model: AnyModel<State>, data: MatrixData, signal: AbortSignal) {
    this.#model = model;
    this.#data = data;
    this.#signal = signal;
  }

  /** An order, null if it must be fetched. */
  get(side: Side, by: string): Order | null {
    const own = this.#model.get(`own_${side}`) as DataView | null;
    if (by === "own") return own && readOrder(own);
    const key = `${side} ${by}`;
    const found = this.#known.get(key) ?? orderBy(this.#data, side, by);
    if (found) this.#known.set(key, found);
    return found;
  }

  /** Has Python make an order. */
  async fetch(side: Side, by: string): Promise<void> {
    const options = { signal: this.#signal, timeout: TIMEOUT_MS };
    const { buffers } = await ask(this.#model, "order", { axis: side, by }, options);
    const [block] = buffers;
    if (!block) throw new Error("Python sent no order.");
    this.#known.set(`${side} ${by}`, readOrder(block));
  }
}

function readOrder(block: DataView): Order {
  return Uint32Array.from({ length: block.byteLength / 4 }, (_, k) => block.getUint32(4 * k, true));
}

// Loads cells, synapses before skeletons: from the saved page, from the course's site, or from
// Python.
import { readTable, type Table } from "../../shared/columns";
import { MOST_VIEWER_CELLS, SKELETON_NOT_FOUND } from "../../shared/contract";
import { gunzip } from "../../shared/gzip";
import { ask, type Channel, type Reply } from "../../shared/request";
import type { RootId } from "../../shared/root-ids";
import type { About, SavedCell, SkeletonHead, World } from "../state";
import { boxOf, type Cell, readNearest, readSynapses, readTree, somaOf } from "./cell";
import { siteCell } from "./site-cells";

export interface Entry {
  id: RootId;
  /** `missing`: there is no skeleton, only the rest is shown; `failed`: it may be tried again. */
  status: "waiting" | "synapses" | "skeleton" | "ready" | "missing" | "failed";
  /** The reason why a skeleton is missing or something failed. */
  message: string;
  /** Null until the synapses are loaded. */
  cell: Cell | null;
}

interface Source {
  synapses(id: RootId): Promise<Reply<About>>;
  skeleton(id: RootId): Promise<Reply<SkeletonHead>>;
}

// CAVE needs a minute or two to create a skeleton; Python gives up before this.
const SKELETON_TIMEOUT = 180_000;
const AT_ONCE = 3;

export class Loader {
  readonly #source: Source;
  readonly #world: World;
  readonly #changed: () => void;
  readonly #entries = new Map<RootId, Entry>();
  #visible: RootId[] = [];
  #running = 0;

  constructor(
    model: Channel & { get(key: string): unknown },
    world: World,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.#source = sourceOf(model, world.source, signal);
    this.#world = world;
    this.#changed = changed;
    signal.addEventListener("abort", () => {
      this.#visible = [];
    });
  }

  /** The shown cells, in order. */
  get entries(): Entry[] {
    return this.#visible.map((id) => this.#entry(id));
  }

  /** Shows these cells, and loads those that are missing. */
  show(ids: readonly RootId[]): void {
    this.#visible = [...ids];
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= MOST_VIEWER_CELLS) break;
      if (!this.#visible.includes(id)) this.#entries.delete(id);
    }
    for (let free = AT_ONCE - this.#running; free > 0; free--) void this.#loadNext();
    this.#changed();
  }

  /** Loads a cell again that failed or has no skeleton. */
  retry(id: RootId): void {
    this.#entries.delete(id);
    this.show(this.#visible);
  }

  #entry(id: RootId): Entry {
    const entry = this.#entries.get(id) ?? { id, status: "waiting", message: "", cell: null };
    this.#entries.set(id, entry);
    return entry;
  }

  async #loadNext(): Promise<void> {
    this.#running++;
    for (;;) {
      const next = this.entries.find(({ status }) => status === "waiting");
      if (!next) break;
      await this.#load(next);
    }
    this.#running--;
  }

  async #load(entry: Entry): Promise<void> {
    const report = (status: Entry["status"], message = "") => {
      Object.assign(entry, { status, message });
      this.#changed();
    };
    report("synapses");
    try {
      const { content: about, buffers } = await this.#source.synapses(entry.id);
      const synapses = readSynapses(await table(buffers[0]), this.#world);
      const soma = somaOf(about, null, this.#world);
      const box = boxOf(synapses.um, soma?.um);
      const head = { id: entry.id, about, synapses };
      entry.cell = { ...head, tree: null, nearest: null, soma, box };
      report("skeleton");
      const skeleton = await this.#source.skeleton(entry.id);
      const tree = readTree(await table(skeleton.buffers[0]), skeleton.content, this.#world);
      const nearest = readNearest(await table(skeleton.buffers[1]));
      entry.cell = {
        ...head,
        tree,
        nearest,
        soma: somaOf(about, tree, this.#world),
        box: boxOf(tree.um, synapses.um),
      };
      report("ready");
    } catch (error) {
      if (!(error instanceof Error)) return;
      if (error.name === "AbortError") return;
      const missing = (error as { type?: string }).type === SKELETON_NOT_FOUND;
      report(missing ? "missing" : "failed", error.message);
    }
  }
}

function sourceOf(
  model: Channel & { get(key: string): unknown },
  dataset: string,
  signal: AbortSignal,
): Source {
  const saved = async (id: RootId) =>
    (model.get("data") as Record<RootId, SavedCell> | undefined)?.[id] ?? siteCell(dataset, id);
  return {
    async synapses(id) {
      const savedCell = await saved(id);
      if (savedCell) return { content: savedCell.about, buffers: [savedCell.synapses] };
      return ask<About>(model, "synapses", { id }, { signal });
    },
    async skeleton(id) {
      const savedCell = await saved(id);
      if (savedCell?.error)
        throw Object.assign(new Error(savedCell.error.message), savedCell.error);
      if (savedCell?.head && savedCell.skeleton && savedCell.nearest) {
        return { content: savedCell.head, buffers: [savedCell.skeleton, savedCell.nearest] };
      }
      return ask<SkeletonHead>(model, "skeleton", { id }, { timeout: SKELETON_TIMEOUT, signal });
    },
  };
}

/** Reads a table that Python compressed. */
async function table(block: DataView | undefined): Promise<Table> {
  if (!block) throw new Error("Python did not send a table.");
  return readTable(await gunzip(block));
}

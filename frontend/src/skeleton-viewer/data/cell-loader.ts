// Fetches cells: from what was saved with the page or lies beside it, or from Python, synapses
// before skeletons.
import { readTable, type Table } from "../../shared/columns";
import { gunzip } from "../../shared/gzip";
import { ask, type Channel, type Reply } from "../../shared/request";
import type { RootId } from "../../shared/root-ids";
import type { About, SavedCell, SkeletonHead, World } from "../state";
import { boxOf, type Cell, readNearest, readSynapses, readTree, somaOf } from "./cell";
import { beside } from "./site-cells";

export interface Entry {
  id: RootId;
  /** `missing` has no skeleton and shows the rest; `failed` may be tried again. */
  status: "waiting" | "synapses" | "skeleton" | "ready" | "missing" | "failed";
  /** What Python said of a skeleton that is missing, or of what failed. */
  message: string;
  /** There once the synapses are. */
  cell: Cell | null;
}

interface Source {
  synapses(id: RootId): Promise<Reply<About>>;
  skeleton(id: RootId): Promise<Reply<SkeletonHead>>;
}

// Making a skeleton takes CAVE a minute or two; Python gives up before this.
const SKELETON_TIMEOUT = 180_000;
const AT_ONCE = 3;
const MOST_KEPT = 100;

export class Loader {
  readonly #source: Source;
  readonly #world: World;
  readonly #changed: () => void;
  readonly #entries = new Map<RootId, Entry>();
  #shown: RootId[] = [];
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
      this.#shown = [];
    });
  }

  /** The cells that are shown, in order. */
  get entries(): Entry[] {
    return this.#shown.map((id) => this.#entry(id));
  }

  /** Shows these cells, and fetches those that are not there. */
  show(ids: readonly RootId[]): void {
    this.#shown = [...ids];
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= MOST_KEPT) break;
      if (!this.#shown.includes(id)) this.#entries.delete(id);
    }
    for (let free = AT_ONCE - this.#running; free > 0; free--) void this.#work();
    this.#changed();
  }

  /** Tries what failed or is missing once more. */
  retry(id: RootId): void {
    this.#entries.delete(id);
    this.show(this.#shown);
  }

  #entry(id: RootId): Entry {
    const found = this.#entries.get(id) ?? { id, status: "waiting", message: "", cell: null };
    this.#entries.set(id, found);
    return found;
  }

  async #work(): Promise<void> {
    this.#running++;
    for (;;) {
      const next = this.entries.find(({ status }) => status === "waiting");
      if (!next) break;
      await this.#load(next);
    }
    this.#running--;
  }

  async #load(entry: Entry): Promise<void> {
    const say = (status: Entry["status"], message = "") => {
      Object.assign(entry, { status, message });
      this.#changed();
    };
    say("synapses");
    try {
      const { content: about, buffers } = await this.#source.synapses(entry.id);
      const synapses = readSynapses(await table(buffers[0]), this.#world);
      const soma = somaOf(about, null, this.#world);
      const box = boxOf(synapses.um, soma?.um);
      const head = { id: entry.id, about, synapses };
      entry.cell = { ...head, tree: null, nearest: null, soma, box };
      say("skeleton");
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
      say("ready");
    } catch (error) {
      if (!(error instanceof Error)) return;
      if (error.name === "AbortError") return;
      const missing = (error as { type?: string }).type === "SkeletonNotFound";
      say(missing ? "missing" : "failed", error.message);
    }
  }
}

function sourceOf(
  model: Channel & { get(key: string): unknown },
  dataset: string,
  signal: AbortSignal,
): Source {
  const saved = async (id: RootId) =>
    (model.get("data") as Record<RootId, SavedCell> | undefined)?.[id] ?? beside(dataset, id);
  return {
    async synapses(id) {
      const kept = await saved(id);
      if (kept) return { content: kept.about, buffers: [kept.synapses] };
      return ask<About>(model, "synapses", { id }, { signal });
    },
    async skeleton(id) {
      const kept = await saved(id);
      if (kept?.error) throw Object.assign(new Error(kept.error.message), kept.error);
      if (kept?.head && kept.skeleton && kept.nearest) {
        return { content: kept.head, buffers: [kept.skeleton, kept.nearest] };
      }
      return ask<SkeletonHead>(model, "skeleton", { id }, { timeout: SKELETON_TIMEOUT, signal });
    },
  };
}

/** Unpacks a table that Python compressed. */
async function table(block: DataView | undefined): Promise<Table> {
  if (!block) throw new Error("Python sent no table.");
  return readTable(await gunzip(block));
}

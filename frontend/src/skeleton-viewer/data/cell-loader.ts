// Loads cells, synapses before skeletons: from the saved page, from the course's site, or from
// Python.
import { type Numbers, readTable, type Table } from "../../shared/columns";
import { MOST_VIEWER_CELLS, SKELETON_NOT_FOUND } from "../../shared/contract";
import { gunzip } from "../../shared/gzip";
import { ask, type Channel, isDisconnected, type Reply } from "../../shared/request";
import type { RootId } from "../../shared/root-ids";
import type { About, SavedCell, SkeletonHead, World } from "../state";
import {
  boxOf,
  type Cell,
  noSynapses,
  readNearest,
  readSynapses,
  readTree,
  type Synapses,
  somaOf,
  type Tree,
} from "./cell";
import { fetchTree } from "./public-files";
import { onSite, siteCell } from "./site-cells";

export interface Entry {
  id: RootId;
  /** `missing`: there is no skeleton, only the rest is shown; `failed`: it may be tried again. */
  status: "waiting" | "synapses" | "skeleton" | "ready" | "missing" | "failed";
  /** The reason why a skeleton is missing or something failed. */
  message: string;
  /** Null until the synapses are loaded. */
  cell: Cell | null;
  /** Python's side of the widget is gone, so that trying again cannot help. */
  isFinal?: boolean;
}

interface Source {
  synapses(id: RootId): Promise<{ about: About; synapses: Synapses }>;
  skeleton(id: RootId): Promise<{ tree: Tree; nearest: Numbers }>;
}

const NO_SYNAPSES =
  "This page was saved without the synapses of this cell; only its public skeleton is shown.";
/** What `Connectome.synapses_loaded` says. */
const NOT_LOADED = "The synapses of this release are not loaded; only the skeleton is shown.";

// CAVE needs a minute or two to create a skeleton; Python gives up before this.
const SKELETON_TIMEOUT = 180_000;
const AT_ONCE = 3;
/** About a cell of which only the public skeleton is known. */
const UNKNOWN: About = { type: "", region: "", nucleus: null };

export class Loader {
  readonly #model: Channel & { get(key: string): unknown };
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
    this.#model = model;
    this.#source = sourceOf(model, world, signal);
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

  /**
   * Whether loading again can help. A page without Python has only what is saved in it, or public
   * files; the sample has the same skeletons each time.
   */
  canRetry({ status, isFinal }: Entry): boolean {
    if (isFinal) return false;
    if (withoutPython(this.#model))
      return status === "failed" && Boolean(this.#model.get("skeleton_url"));
    return status === "failed" || !this.#world.synthetic;
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
      const { about, synapses } = await this.#source.synapses(entry.id);
      const soma = somaOf(about, null, this.#world);
      const box = boxOf(synapses.um, soma?.um);
      const head = { id: entry.id, about, synapses };
      entry.cell = { ...head, tree: null, nearest: null, soma, box };
      report("skeleton");
      const { tree, nearest } = await this.#source.skeleton(entry.id);
      entry.cell = {
        ...head,
        tree,
        nearest,
        soma: somaOf(about, tree, this.#world),
        box: boxOf(tree.um, synapses.um),
      };
      const without = this.#world.synapses_loaded === false ? NOT_LOADED : "";
      report("ready", about === UNKNOWN ? NO_SYNAPSES : without);
    } catch (error) {
      if (!(error instanceof Error)) return;
      if (error.name === "AbortError") return;
      const missing = (error as { type?: string }).type === SKELETON_NOT_FOUND;
      entry.isFinal = isDisconnected(error);
      report(missing ? "missing" : "failed", error.message);
    }
  }
}

function sourceOf(
  model: Channel & { get(key: string): unknown },
  world: World,
  signal: AbortSignal,
): Source {
  const saved = async (id: RootId) =>
    (model.get("data") as Record<RootId, SavedCell> | undefined)?.[id] ??
    siteCell(world.source, id);
  // Where Python runs, it knows more than the public files.
  const files = () => (withoutPython(model) ? String(model.get("skeleton_url") ?? "") : "");
  const withSynapses = async ({ content, buffers }: Reply<About>) => ({
    about: content,
    synapses: readSynapses(await table(buffers[0]), world),
  });
  const withTree = async ({ content, buffers }: Reply<SkeletonHead>) => ({
    tree: readTree(await table(buffers[0]), content, world),
    nearest: readNearest(await table(buffers[1])),
  });
  return {
    async synapses(id) {
      const savedCell = await saved(id);
      if (savedCell)
        return withSynapses({ content: savedCell.about, buffers: [savedCell.synapses] });
      if (files()) return { about: UNKNOWN, synapses: noSynapses() };
      return withSynapses(await ask<About>(model, "synapses", { id }, { signal }));
    },
    async skeleton(id) {
      const savedCell = await saved(id);
      if (savedCell?.error)
        throw Object.assign(new Error(savedCell.error.message), savedCell.error);
      if (savedCell?.head && savedCell.skeleton && savedCell.nearest) {
        const buffers = [savedCell.skeleton, savedCell.nearest];
        return withTree({ content: savedCell.head, buffers });
      }
      const base = files();
      if (base) {
        return { tree: await fetchTree(base, id, world, signal), nearest: new Float32Array(0) };
      }
      const options = { timeout: SKELETON_TIMEOUT, signal };
      return withTree(await ask<SkeletonHead>(model, "skeleton", { id }, options));
    },
  };
}

/** Whether a model is on a page without Python: an exported page, or the course's site. */
function withoutPython(model: object): boolean {
  return "withoutPython" in model || onSite();
}

/** Reads a table that Python compressed. */
async function table(block: DataView | undefined): Promise<Table> {
  if (!block) throw new Error("Python did not send a table.");
  return readTable(await gunzip(block));
}

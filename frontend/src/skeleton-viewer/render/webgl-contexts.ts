// Limits how many viewers of a page hold a WebGL context: browsers drop the oldest beyond 16.

interface Holder {
  /** Releases the context and leaves a still picture. */
  sleep(): void;
}

const MOST_CONTEXTS = 8;
// Each widget has its own copy of this module, so the list is stored on the page.
const KEY = Symbol.for("microns-widgets.contexts");
const page = globalThis as unknown as Record<symbol, Holder[]>;

/** Registers a viewer that draws; the one that has been idle longest releases its context. */
export function holdContext(holder: Holder): void {
  releaseContext(holder);
  const holders = [...(page[KEY] ?? []), holder];
  page[KEY] = holders;
  if (holders.length > MOST_CONTEXTS) holders[0]?.sleep();
}

export function releaseContext(holder: Holder): void {
  page[KEY] = (page[KEY] ?? []).filter((other) => other !== holder);
}

// How many viewers of a page may hold a WebGL context: browsers drop the oldest beyond 16.

interface Holder {
  /** Gives the context back and keeps a picture. */
  sleep(): void;
}

const MOST = 8;
// Each widget has a copy of this module; what they share stands on the page.
const KEY = Symbol.for("microns-widgets.contexts");
const page = globalThis as unknown as Record<symbol, Holder[]>;

/** Says that a viewer draws; the one that has not for longest gives its context back. */
export function holdContext(holder: Holder): void {
  letContextGo(holder);
  const holders = [...(page[KEY] ?? []), holder];
  page[KEY] = holders;
  if (holders.length > MOST) holders[0]?.sleep();
}

export function letContextGo(holder: Holder): void {
  page[KEY] = (page[KEY] ?? []).filter((other) => other !== holder);
}

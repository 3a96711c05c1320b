// Which cells the pointer is on, shared by the linked widgets of a page. It is not a trait: it
// changes with every movement and must not be saved.
import type { RootId } from "./root-ids";

const EVENT = "microns-hover";

interface Hovered {
  group: string;
  sender: object;
  ids: readonly RootId[];
}

/** Tells the other widgets of a group which cells the pointer is on; an empty list means none. */
export function shareHover(group: string, sender: object, ids: readonly RootId[]): void {
  if (!group) return;
  const detail: Hovered = { group, sender, ids };
  document.dispatchEvent(new CustomEvent(EVENT, { detail }));
}

/** Calls back with the cells that the pointer is on in another widget of the group. */
export function watchHover(
  group: () => string,
  self: object,
  callback: (ids: readonly RootId[]) => void,
  signal: AbortSignal,
): void {
  document.addEventListener(
    EVENT,
    (event) => {
      const { group: from, sender, ids } = (event as CustomEvent<Hovered>).detail;
      if (from === group() && sender !== self) callback(ids);
    },
    { signal },
  );
}

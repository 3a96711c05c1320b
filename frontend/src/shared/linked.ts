// What the widgets that show cells have in common: they can be linked, light up the cell that the
// pointer is on in another of them, and know the cell types of other datasets.
import { shareHover, watchHover } from "./hover";
import { follow, type Has, type Kind } from "./link";
import type { Place, View } from "./mount";
import { type AddedType, addTypes } from "./palette";
import type { RootId } from "./root-ids";

type Traits = Record<string, unknown>;

/** Tells the linked widgets on the page which cells the pointer is on; none if empty. */
export type Hover = (ids: readonly RootId[]) => void;

/** A view of cells. */
export interface LinkedView extends View {
  /** Which kind of widget this is, and which cells it has. */
  linked: { kind: Kind; has: Has };
  /** Lights up the cells that the pointer is on in a linked widget; none if empty. */
  light?(ids: readonly RootId[]): void;
}

/** Builds a view of cells and links it. */
export function linkedView<T extends Traits>(
  { model, signal }: Place<T>,
  build: (hover: Hover) => LinkedView,
): View {
  const types = read<AddedType[]>(model, "added_types");
  // A page saved by an older version has none.
  if (types) addTypes(types);
  const group = () => read<string>(model, "link_group") ?? "";
  const view = build((ids) => shareHover(group(), model, ids));
  const { kind, has } = view.linked;
  watchHover(group, model, (ids) => view.light?.(ids), signal);
  follow(model, kind, has, signal);
  // The explorer asks which cells of an address its parts have.
  view.element.addEventListener("microns-has", (event) => {
    const { detail } = event as CustomEvent;
    detail.answer = has(detail.side, detail.id);
  });
  return view;
}

function read<V>(model: { get(name: string): unknown }, name: string): V | undefined {
  return model.get(name) as V | undefined;
}

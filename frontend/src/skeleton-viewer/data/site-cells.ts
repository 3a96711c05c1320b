// Cells that lie beside the pages of the course's site; microns_widgets/site/on_page.js loads them.
import type { RootId } from "../../shared/root-ids";
import type { SavedCell } from "../state";

type Beside = (source: string, id: RootId) => Promise<SavedCell | null>;

/** A cell of a data set, or null: on any other page, or where the site does not have it. */
export async function beside(source: string, id: RootId): Promise<SavedCell | null> {
  const cells = (globalThis as { micronsCells?: Beside }).micronsCells;
  return (await cells?.(source, id)) ?? null;
}

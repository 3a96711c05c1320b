// Cells that the course's site has as files; microns_widgets/site/on_page.js loads them.
import type { RootId } from "../../shared/root-ids";
import type { SavedCell } from "../state";

type SiteCells = (source: string, id: RootId) => Promise<SavedCell | null>;

/** Whether this is a page of the course's site. */
export function onSite(): boolean {
  return "micronsCells" in globalThis;
}

/** A cell of a data set; null on other pages, or if the site does not have the cell. */
export async function siteCell(source: string, id: RootId): Promise<SavedCell | null> {
  const cells = (globalThis as { micronsCells?: SiteCells }).micronsCells;
  return (await cells?.(source, id)) ?? null;
}

// Skeletons of cells that a page without Python was not saved with, from public files. Nothing is
// loaded from another origin unless the page's author gave its address.
import { SKELETON_NOT_FOUND, SWC_FOLDERS } from "../../shared/contract";
import type { RootId } from "../../shared/root-ids";
import type { World } from "../state";
import { inVolume, type Tree, treeOf } from "./cell";
import { readSwc } from "./swc-text";

// A storage bucket whose files cannot be listed answers 403 for a missing file.
const MISSING = [403, 404];
const MOST_BYTES = 64 * 2 ** 20;

/** Loads one cell's skeleton; the axon is included if the cell is among the proofread ones. */
export async function fetchTree(
  base: string,
  id: RootId,
  world: World,
  signal: AbortSignal,
): Promise<Tree> {
  for (const [folder, part] of Object.entries(SWC_FOLDERS)) {
    const url = `${base}/${folder}/${id}.swc`;
    const text = await fetchText(url, signal);
    if (text === null) continue;
    const columns = readSwc(text, id);
    const tree = treeOf(columns, columns.root, `${world.source}${part}`, world);
    if (!inVolume(tree))
      throw new Error(`${url} is not a skeleton in this volume. Expected positions in um.`);
    return tree;
  }
  throw Object.assign(new Error(`There is no public skeleton of cell ${id}.`), {
    type: SKELETON_NOT_FOUND,
  });
}

/** The content of a file; null if there is none. */
async function fetchText(url: string, signal: AbortSignal): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Error(
      `${new URL(url).host} cannot be reached from this page. Check your network connection. The server must also allow requests from other sites (CORS).`,
    );
  }
  if (MISSING.includes(response.status)) return null;
  if (!response.ok)
    throw new Error(`${url} answered with status ${response.status}. Try again later.`);
  if (Number(response.headers.get("Content-Length")) > MOST_BYTES)
    throw new Error(`${url} is too large for a skeleton: more than ${MOST_BYTES >> 20} MB.`);
  return response.text();
}

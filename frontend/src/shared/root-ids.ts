// Root ids are always strings here: JavaScript's numbers hold 53 bits, but a root id has 64.

import { LARGEST_ROOT_ID } from "./contract";

export type RootId = string;

/** Whether a text is a root id, written as Python prints it. */
export function isRootId(text: string): boolean {
  return /^(0|[1-9]\d{0,18})$/.test(text) && compareRootIds(text, LARGEST_ROOT_ID) <= 0;
}

/** Order of two root ids as numbers: negative, zero or positive. */
export function compareRootIds(a: RootId, b: RootId): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export interface PastedIds {
  /** Distinct root ids in the order of the text. */
  ids: RootId[];
  /** Words that are not valid root ids. */
  rejected: string[];
}

/** Root ids in a text pasted from a paper, a table or Python: any separators, quotes, brackets. */
export function parseRootIds(text: string): PastedIds {
  const words = text.split(/[\s,;|()[\]{}'"`]+/).filter((word) => word !== "");
  const ids = new Set(words.filter(isRootId));
  return { ids: [...ids], rejected: words.filter((word) => !isRootId(word)) };
}

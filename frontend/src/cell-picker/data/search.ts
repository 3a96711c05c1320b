// The search: words, what the labels' letters mean, parts of root ids, and typing slips.
// microns_widgets/widgets/_search.py describes the rules; one file of cases tests both.
import type { Table, TextColumn } from "../../shared/columns";
import {
  LAYER_BORDERS_UM,
  LAYER_WORDS,
  PROOFREAD_NAME,
  SEARCH_NAMES,
  SEARCH_RULES,
} from "../../shared/contract";
import { type Layer, layerAt } from "../../shared/layers";
import { markIds } from "./id-text";

const { middle_of_id: MIDDLE_OF_ID, one_slip: ONE_SLIP, two_slips: TWO_SLIPS } = SEARCH_RULES;
const { most_meant: MOST_MEANT, shortest_name: SHORTEST_NAME } = SEARCH_RULES;
const LAYERS = LAYER_BORDERS_UM as unknown as readonly Layer[];
const LAYER = /(?:^|(?<=[\s,]))layers?\s*(?=[0-9])/g;
const MOST_REMEMBERED = 40;

/** The words of a search in lower case, "layer 5" as "l5". */
export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .replace(LAYER, "l")
    .split(/[\s,]+/)
    .filter(Boolean);
}

/** The layer that a word means; undefined for other words. */
export function layerOf(word: string): string | undefined {
  return Object.hasOwn(LAYER_WORDS, word) ? LAYER_WORDS[word as "l5"] : undefined;
}

const searches = new WeakMap<Table, Search>();

/** The search of a table, which remembers the words that were typed. */
export function searchOf(table: Table): Search {
  const search = searches.get(table) ?? new Search(table);
  searches.set(table, search);
  return search;
}

/** Which rows the words of a search find, and what was meant by words that find nothing. */
export class Search {
  readonly #table: Table;
  readonly #columns: Searched[];
  readonly #masks = new Map<string, Uint8Array>();
  readonly #meant = new Map<string, string | null>();
  #vocabulary: string[] | undefined;
  #bySoma: Int8Array | undefined;

  constructor(table: Table) {
    this.#table = table;
    this.#columns = [...table.columns.values()].filter((one) => one.kind === "text").map(searched);
  }

  /** 1 for each row that a search finds; an empty search finds all rows. */
  mask(search: string): Uint8Array {
    const masks = searchWords(search).map((word) => this.#forgiving(word));
    const [first, ...others] = masks;
    if (!first) return new Uint8Array(this.#table.rows).fill(1);
    if (!others.length) return first;
    const both = first.slice();
    for (const mask of others) {
      for (let row = 0; row < both.length; row++) both[row] = (both[row] ?? 0) & (mask[row] ?? 0);
    }
    return both;
  }

  /** For each word that matches nothing, the word that is searched for instead. */
  corrections(search: string): Map<string, string> {
    const found = new Map<string, string>();
    for (const word of searchWords(search)) {
      const meant = this.#wordMask(word).includes(1) ? null : this.#nearest(word);
      if (meant !== null) found.set(word, meant);
    }
    return found;
  }

  /** The words that match nothing, whatever they may mean. */
  unknown(search: string): string[] {
    return searchWords(search).filter(
      (word) => !this.#forgiving(word).includes(1) && !knownLabels(word).length,
    );
  }

  /** For each word that matches nothing, the labels it would match in other data. */
  absent(search: string): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const word of searchWords(search)) {
      const labels = this.#wordMask(word).includes(1) ? [] : knownLabels(word);
      if (labels.length) found.set(word, labels);
    }
    return found;
  }

  #forgiving(word: string): Uint8Array {
    const mask = this.#wordMask(word);
    if (mask.includes(1)) return mask;
    const meant = this.#nearest(word);
    return meant === null ? mask : this.#wordMask(meant);
  }

  #wordMask(word: string): Uint8Array {
    const before = this.#masks.get(word);
    if (before) return before;
    const mask = new Uint8Array(this.#table.rows);
    for (const column of this.#columns) markLabels(column, word, mask);
    if (/^[0-9]+$/.test(word)) markIds(this.#table, word, word.length >= MIDDLE_OF_ID, mask);
    const layer = LAYERS.findIndex(([name]) => name === layerOf(word));
    if (layer >= 0) {
      this.#bySoma ??= layersBySoma(this.#table, this.#columns);
      for (let row = 0; row < mask.length; row++) if (this.#bySoma[row] === layer) mask[row] = 1;
    }
    if (this.#masks.size >= MOST_REMEMBERED) this.#masks.clear();
    this.#masks.set(word, mask);
    return mask;
  }

  #nearest(word: string): string | null {
    const before = this.#meant.get(word);
    if (before !== undefined) return before;
    const letters = [...word];
    const slips = Number(letters.length >= ONE_SLIP) + Number(letters.length >= TWO_SLIPS);
    let best: { distance: number; longer: number; meant: string } | null = null;
    if (slips > 0 && !/^[0-9]+$/.test(word) && !knownLabels(word).length) {
      this.#vocabulary ??= vocabulary(this.#columns);
      for (const meant of this.#vocabulary) {
        const others = [...meant];
        const distance = slipsBetween(letters, others, slips);
        if (distance > slips) continue;
        const longer = Math.abs(others.length - letters.length);
        if (!best || (distance - best.distance || longer - best.longer) < 0)
          best = { distance, longer, meant };
      }
    }
    this.#meant.set(word, best?.meant ?? null);
    return best?.meant ?? null;
  }
}

interface Searched {
  column: TextColumn;
  /** The labels in lower case, and their further names. */
  texts: string[];
  names: string[][];
}

function searched(column: TextColumn): Searched {
  const names = column.labels.map((label) => namesOf(column.name, label));
  return { column, texts: column.labels.map((label) => label.toLowerCase()), names };
}

function namesOf(column: string, label: string): string[] {
  const known = Object.hasOwn(SEARCH_NAMES, label) ? SEARCH_NAMES[label as "BC"] : "";
  const names = known.split(" ").filter(Boolean);
  return column === "proofreading_strategy" && label ? [...names, PROOFREAD_NAME] : names;
}

/** The labels that a word means, whether or not any cell has them. */
function knownLabels(word: string): string[] {
  const begins = (name: string) => word.length >= SHORTEST_NAME && name.startsWith(word);
  return Object.entries(SEARCH_NAMES)
    .filter(([label, names]) => word === label.toLowerCase() || names.split(" ").some(begins))
    .map(([label]) => label);
}

// The layer in which the soma lies, as its place in LAYERS; -1 for cells without a depth, and for
// those with a label that names a layer.
function layersBySoma(table: Table, columns: readonly Searched[]): Int8Array {
  const layers = new Int8Array(table.rows).fill(-1);
  const depth = table.columns.get("depth");
  if (depth?.kind !== "number") return layers;
  for (let row = 0; row < layers.length; row++) {
    const um = depth.values[row] ?? Number.NaN;
    if (!Number.isNaN(um)) layers[row] = layerAt(LAYERS, um);
  }
  for (const { column, names } of columns) {
    const named = names.map((some, code) =>
      [...some, ...searchWords(column.labels[code] ?? "")].some(
        (word) => layerOf(word) !== undefined,
      ),
    );
    if (!named.includes(true)) continue;
    for (let row = 0; row < layers.length; row++) {
      if (named[column.codes[row] ?? -1]) layers[row] = -1;
    }
  }
  return layers;
}

function markLabels({ column, texts, names }: Searched, word: string, mask: Uint8Array): void {
  const matches = Uint8Array.from(texts, (text, code) =>
    Number(text.includes(word) || (names[code] ?? []).some((name) => name.startsWith(word))),
  );
  if (!matches.includes(1)) return;
  const { codes } = column;
  for (let row = 0; row < mask.length; row++) {
    if (matches[codes[row] ?? -1] === 1) mask[row] = 1;
  }
}

// Sorted as Python compares them, so that the first of equally near words is the same one.
function vocabulary(columns: readonly Searched[]): string[] {
  const words = new Set<string>();
  for (const { column, texts, names } of columns) {
    if (texts.length > MOST_MEANT) continue;
    const used = new Set<number>(column.codes);
    texts.forEach((text, code) => {
      if (!used.has(code)) return;
      for (const word of [...text.split(/[^\p{L}\p{N}]+/u), ...(names[code] ?? [])])
        words.add(word);
    });
  }
  words.delete("");
  return [...words].sort();
}

/**
 * How many letters differ between a word and another one, or its best beginning: a letter that is
 * missing, too many or another one counts once, and so do two exchanged ones.
 */
function slipsBetween(word: string[], other: string[], most: number): number {
  if (other.length < word.length - most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const last = before;
    before = row;
    row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = word[i - 1] === other[j - 1];
      let cost = Math.min(
        (before[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (before[j - 1] as number) + Number(!same),
      );
      if (i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1])
        cost = Math.min(cost, (last[j - 2] as number) + 1);
      row.push(cost);
    }
  }
  return Math.min(...row);
}

// What the status says about a search: how its words were understood.
import type { Table } from "../../shared/columns";
import { SEARCH_NAMES } from "../../shared/contract";
import { layerOf, searchOf, searchWords } from "../data/search";

// More labels are not listed.
const MOST_LISTED = 3;

export function searchRemarks(table: Table, text: string): string[] {
  if (!text) return [];
  const search = searchOf(table);
  const layers = new Set(searchWords(text).map(layerOf));
  const how =
    table.columns.get("depth")?.kind === "number"
      ? "the cell type or the depth of the soma"
      : "the cell type";
  const unknown = search.unknown(text).map((word) => `“${layerName(word) ?? word}”`);
  return [
    ...(unknown.length ? [`No cell matches ${listed(unknown)}`] : []),
    ...[...layers].flatMap((layer) =>
      layer === undefined ? [] : [`“${spelledOut(layer)}” matches ${how}`],
    ),
    ...[...search.corrections(text)].map(
      ([word, other]) => `No cell matches “${word}”; showing “${other}”`,
    ),
    ...[...search.absent(text)].map(([word, labels]) => absence(word, labels)),
  ];
}

function layerName(word: string): string | undefined {
  const layer = layerOf(word);
  return layer && spelledOut(layer);
}

function spelledOut(layer: string): string {
  return layer === "WM" ? "White matter" : `Layer ${layer}`;
}

function absence(word: string, labels: readonly string[]): string {
  const namesOf = (label: string) => SEARCH_NAMES[label as "BC"].split(" ");
  const names = labels.flatMap(namesOf);
  const what = names.includes("area") ? "is in the region" : "has the type";
  const name = names.find((one) => one.startsWith(word));
  return `No cell of these data ${what} ${listed(labels)}${name ? ` (${name})` : ""}`;
}

function listed(labels: readonly string[]): string {
  if (labels.length > MOST_LISTED) return `${labels.slice(0, MOST_LISTED).join(", ")}, …`;
  const [last, before] = [labels.at(-1) ?? "", labels.slice(0, -1)];
  return before.length > 0 ? `${before.join(", ")} or ${last}` : last;
}

// The line of Python that reproduces a view; MatrixExplorer.to_code writes the same.
import { EXPLORER_DEFAULTS } from "../../shared/contract";
import { textCode } from "../../shared/python-code";
import type { State } from "../state";

type Name = keyof typeof EXPLORER_DEFAULTS;
// Root ids are strings here and numbers in Python.
const IDS: ReadonlySet<Name> = new Set(["pair", "selected_pre", "selected_post"]);

export function toPython(get: <K extends Name | "code_arguments">(name: K) => State[K]): string {
  const keywords = (Object.keys(EXPLORER_DEFAULTS) as Name[]).flatMap((name) => {
    const value = get(name);
    const same = JSON.stringify(value) === JSON.stringify(EXPLORER_DEFAULTS[name]);
    return same || value === "own" ? [] : [`${name}=${literal(value, IDS.has(name))}`];
  });
  return `mw.MatrixExplorer(${[get("code_arguments"), ...keywords].join(", ")})`;
}

function literal(value: unknown, ids: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, ids)).join(", ");
    // As Python writes the values of its traits: ids are tuples, a view has lists.
    return ids ? `(${items}${value.length === 1 ? "," : ""})` : `[${items}]`;
  }
  if (typeof value === "object" && value !== null) {
    const items = Object.entries(value).map(
      ([key, item]) => `${textCode(key)}: ${literal(item, ids)}`,
    );
    return `{${items.join(", ")}}`;
  }
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" && !ids ? textCode(value) : String(value);
}

// What the explorer shows, as the few settings that differ from a new one, and as Python code.
// microns_widgets/widgets/_explorer_state.py has the same rules; a test compares them.
import type { AnyModel } from "@anywidget/types";
import { pythonCode } from "../shared/python-code";
import type { RootId } from "../shared/root-ids";

export type Settings = Record<string, Record<string, unknown>>;
/** The models with these settings; the layout's is the explorer's own. */
export type Parts = Readonly<Record<string, AnyModel>>;

/** Traits that hold root ids, which are strings here and numbers in Python. */
export const ID_TRAITS = new Set([
  ...["picker.value", "picker.selected", "viewer.cells", "viewer.partner"],
  ...["matrix.pair", "matrix.selected_pre", "matrix.selected_post"],
]);

/** The settings now; `first`, those of a new explorer, names them. */
export function stateOf(parts: Parts, first: Settings): Settings {
  return mapSettings(first, (_value, part, name) => parts[part]?.get(name) ?? null);
}

/** The settings of a new explorer in which a cell and a pair were chosen. */
export function startOf(
  first: Settings,
  value: RootId | null,
  pair: readonly RootId[] | null,
): Settings {
  const both = pair && pair[0] === value;
  const cells = both ? [...new Set(pair)] : value ? [value] : [];
  return {
    ...first,
    picker: { ...first.picker, value },
    viewer: { ...first.viewer, cells, partner: both ? (pair[1] ?? null) : null },
  };
}

/** The settings that differ, without empty parts; of a dict, only the keys that differ. */
export function changes(start: Settings, now: Settings): Settings {
  const differing: Settings = {};
  for (const [part, settings] of Object.entries(now)) {
    for (const [name, value] of Object.entries(settings)) {
      const before = start[part]?.[name];
      // A custom order of the matrix is data.
      if (same(before, value) || value === "own") continue;
      differing[part] = { ...differing[part], [name]: differingKeys(before, value) };
    }
  }
  return differing;
}

/** A line of Python that opens an explorer in this state. */
export function stateCode(
  codeArguments: string,
  height: number,
  first: Settings,
  now: Settings,
): string {
  const value = now.picker?.value as RootId | null;
  const pair = now.matrix?.pair as RootId[] | null;
  const state = changes(startOf(first, value, pair), now);
  if (!value && first.picker?.value) state.picker = { value: null, ...state.picker };
  const inPython = mapSettings(state, (setting, part, name) =>
    ID_TRAITS.has(`${part}.${name}`) ? asNumbers(setting) : setting,
  );
  return `mw.Explorer(${[
    codeArguments,
    ...(value ? [`value=${value}`] : []),
    ...(height === 600 ? [] : [`height=${height}`]),
    ...(Object.keys(state).length ? [`state=${pythonCode(inPython)}`] : []),
  ].join(", ")})`;
}

export function mapSettings(
  settings: Settings,
  change: (value: unknown, part: string, name: string) => unknown,
): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([part, values]) => [
      part,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, change(value, part, name)]),
      ),
    ]),
  );
}

export function isDict(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function differingKeys(before: unknown, value: unknown): unknown {
  if (!isDict(before) || !isDict(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, inner]) => !same(before[key], inner)),
  );
}

/** Equal, whatever the order of a dict's keys. */
export function same(a: unknown, b: unknown): boolean {
  if (isDict(a) && isDict(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      same(a[key], b[key]),
    );
  }
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

// 64-bit numbers, which JavaScript's other numbers cannot hold.
function asNumbers(ids: unknown): unknown {
  if (Array.isArray(ids)) return ids.map(asNumbers);
  return typeof ids === "string" ? BigInt(ids) : ids;
}

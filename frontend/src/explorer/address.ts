// The explorer's state as the part of an address after "#": #explore?cell=864...&pair=864...,864...
// Anyone may write an address, so each setting is checked before it is used.
import {
  CAMERA_VIEWS,
  COLORMAPS,
  MATRIX_VALUES,
  NARROWEST_COLUMN,
  PIXEL_CHOICES,
  SHOW_CHOICES,
  SYNAPSE_OPACITY,
  SYNAPSE_SCALE,
  TYPE_VALUES,
  VIEWER_CHOICES,
} from "../shared/contract";
import { isRootId } from "../shared/root-ids";
import { PARTS } from "./parts";
import { ID_TRAITS, isDict, type Settings, same } from "./state";

const PREFIX = "#explore?";
const LONGEST = 2000;
const LARGEST_SELECTION = 50;

const CHOICES: Record<string, readonly string[]> = {
  "viewer.color_by": VIEWER_CHOICES.color_by,
  "viewer.synapses": VIEWER_CHOICES.synapses,
  "viewer.synapse_color": VIEWER_CHOICES.synapse_color,
  "viewer.camera.view": CAMERA_VIEWS,
  "matrix.value": MATRIX_VALUES,
  "matrix.show": SHOW_CHOICES,
  "matrix.type_value": TYPE_VALUES,
  "matrix.pixel": PIXEL_CHOICES,
  "matrix.colormap": COLORMAPS,
  "layout.enlarged": ["", ...PARTS],
};

/** What an address says, and the settings in it that cannot be used. */
export interface Read {
  settings: Settings;
  ignored: string[];
}

/** The part of an address after "#", and what had to be left out of it. */
export function writeAddress(settings: Settings): { hash: string; leftOut: string[] } {
  const fields: string[] = [];
  const leftOut: string[] = [];
  const add = (key: string, value: unknown, ids = false) => {
    const text = ids ? [value ?? []].flat().join(",") : encode(value);
    const long = text.length > LONGEST;
    if (long || (Array.isArray(value) && value.length > LARGEST_SELECTION)) leftOut.push(key);
    // An address may contain commas, which are easier to read.
    else fields.push(`${key}=${encodeURIComponent(text).replace(/%2C/g, ",")}`);
  };
  for (const [part, values] of Object.entries(settings)) {
    for (const [name, value] of Object.entries(values)) {
      const key = keyOf(part, name);
      if (isDict(value))
        for (const inner of Object.keys(value)) add(`${key}.${inner}`, value[inner]);
      else add(key, value, ID_TRAITS.has(`${part}.${name}`));
    }
  }
  return { hash: PREFIX + fields.join("&"), leftOut };
}

/** Reads the part after "#"; null if it does not describe an explorer. */
export function readAddress(hash: string, first: Settings): Read | null {
  if (!hash.startsWith(PREFIX)) return null;
  const read: Read = { settings: {}, ignored: [] };
  for (const [key, text] of new URLSearchParams(hash.slice(PREFIX.length).replace(/\+/g, "%2B"))) {
    const [trait = "", ...rest] = key.split(".");
    const inner = rest.join(".");
    const part = partOf(trait, first);
    const name = trait === "cell" ? "value" : trait;
    const start = first[part]?.[name];
    const expected = inner && isDict(start) ? start[inner] : start;
    const path = [part, name, inner].filter(Boolean).join(".");
    const value = valueIn(text, path, expected);
    const fits = part && isDict(start) === Boolean(inner) && allowed(path, value, expected);
    if (!fits) {
      read.ignored.push(key);
      continue;
    }
    const settings = read.settings[part] ?? {};
    read.settings[part] = settings;
    settings[name] = inner ? { ...((settings[name] as object) ?? start), [inner]: value } : value;
  }
  return read;
}

function keyOf(part: string, name: string): string {
  return part === "picker" && name === "value" ? "cell" : name;
}

function partOf(key: string, first: Settings): string {
  const parts = Object.keys(first).filter((part) =>
    Object.keys(first[part] ?? {}).some((name) => keyOf(part, name) === key),
  );
  return parts[0] ?? "";
}

function encode(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string") return same(decode(value), value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) {
    const text = value.join(",");
    if (same(decode(text), value)) return text;
  }
  return JSON.stringify(value);
}

function valueIn(text: string, path: string, expected: unknown): unknown {
  if (typeof expected === "string") return text;
  if (text === "") return Array.isArray(expected) ? [] : null;
  if (!ID_TRAITS.has(path)) return decode(text);
  return Array.isArray(expected) || path === "matrix.pair" ? text.split(",") : text;
}

function decode(text: string): unknown {
  if (/^-?[\d.]+(,-?[\d.]+)+$/.test(text)) return text.split(",").map(Number);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function allowed(path: string, value: unknown, start: unknown): boolean {
  const choices = CHOICES[path];
  if (choices) return choices.includes(value as string);
  switch (path) {
    case "picker.value":
    case "viewer.partner":
      return value === null || isId(value);
    case "matrix.pair":
      return value === null || (isIds(value) && value.length === 2);
    case "viewer.camera.center":
      return value === null || isNumbers(value, 3);
    case "viewer.synapse_scale":
      return isWithin(value, SYNAPSE_SCALE);
    case "viewer.synapse_opacity":
      return isWithin(value, SYNAPSE_OPACITY);
    case "viewer.camera.height":
      return value === null || (isNumber(value) && value > 0);
    case "matrix.view.rows":
    case "matrix.view.columns":
      return isNumbers(value, 2) && value.every((place) => place >= 0 && Number.isInteger(place));
    case "layout.columns":
      return (
        isNumbers(value, 3) &&
        Math.min(...value) >= NARROWEST_COLUMN &&
        Math.abs(sum(value) - 100) < 0.2
      );
    case "picker.filters.search":
      return typeof value === "string";
  }
  if (ID_TRAITS.has(path)) return isIds(value);
  if (path.startsWith("picker.filters.") || path === "viewer.hidden_types")
    return Array.isArray(value);
  return typeof value === typeof start;
}

const isId = (value: unknown): value is string =>
  typeof value === "string" && isRootId(value) && value !== "0";
const isIds = (value: unknown): value is string[] => Array.isArray(value) && value.every(isId);
const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);
const isWithin = (value: unknown, [least, most]: readonly [number, number]) =>
  isNumber(value) && value >= least && value <= most;
const isNumbers = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every(isNumber);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

// The synced traits; matrix_explorer.py documents them.
import { clipped } from "../shared/clipped";
import type {
  MATRIX_COLUMNS,
  NULL_KINDS,
  ORDERS,
  PIXEL_CHOICES,
  SHOW_CHOICES,
} from "../shared/contract";
import type { RootId } from "../shared/root-ids";
import type { Value } from "./data/connection-values";
import type { TypeValue } from "./data/type-summary";
import type { View } from "./data/visible-window";
import type { Colormap } from "./render/color-scales";

// The name of "degree" depends on the axis.
type NamedOrder = Exclude<(typeof ORDERS | typeof MATRIX_COLUMNS)[number], "degree">;

export interface State extends Record<string, unknown> {
  value: Value;
  by: string;
  order_pre: string;
  order_post: string;
  view: View;
  show: (typeof SHOW_CHOICES)[number];
  type_value: TypeValue;
  null: keyof typeof NULL_KINDS;
  chance: DataView | null;
  pixel: (typeof PIXEL_CHOICES)[number];
  colormap: Colormap;
  pair: [RootId, RootId] | null;
  cell: RootId | null;
  outside: RootId | null;
  minimap: boolean;
  selected_pre: RootId[];
  selected_post: RootId[];
  /** How many of the cells selected in a linked widget are not in the matrix. */
  selected_outside: number;
  data: DataView | null;
  code_arguments: string;
  lists_synapses: boolean;
  source: string;
  own_pre: DataView | null;
  own_post: DataView | null;
}

/** What has changed: "picture" for order, value or colours; the others for the rest. */
export type Change = "picture" | "window" | "cross" | "choice" | "mode" | "status";

/** What changes with a trait. */
export const TRAITS: Partial<Record<keyof State & string, Change>> = {
  value: "picture",
  by: "picture",
  order_pre: "picture",
  order_post: "picture",
  own_pre: "picture",
  own_post: "picture",
  pixel: "picture",
  colormap: "picture",
  view: "window",
  show: "mode",
  type_value: "mode",
  null: "mode",
  pair: "choice",
  cell: "choice",
  outside: "choice",
  minimap: "window",
  selected_pre: "choice",
  selected_post: "choice",
  selected_outside: "choice",
};

const NAMES: Record<NamedOrder, string> = {
  given: "as given",
  own: "custom order (Python)",
  depth: "depth",
  clustering: "clustering",
  cell_type_auto: "type",
  coarse_cell_type_auto: "coarse type",
  cell_type_manual: "manual type",
  coarse_cell_type_manual: "coarse manual type",
  region: "region",
  proofreading_strategy: "proofreading",
};

/** The name of an order or a text column on the screen. */
export function nameOf(name: string, side?: "pre" | "post"): string {
  if (name === "degree") return side === "post" ? "in-degree" : "out-degree";
  return (NAMES as Record<string, string>)[name] ?? name;
}

/** A cell type on the screen: an unknown type has an empty label in the data. */
export function labelName(label: string, most?: number): string {
  return clipped(label, most) || "unknown";
}

type Shown = State["show"];

/** Whether a table is on view instead of a picture. */
export function isTable(show: Shown): boolean {
  return show.endsWith("_table");
}

/** Whether types are on view instead of cells. */
export function ofTypes(show: Shown): boolean {
  return show === "types" || show === "type_table";
}

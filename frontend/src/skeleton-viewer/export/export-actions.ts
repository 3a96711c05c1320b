// Creates the files, code and links of the export menu from what the view shows.

import { copyText } from "../../shared/clipboard";
import { clipped } from "../../shared/clipped";
import { download } from "../../shared/download";
import type { Cell } from "../data/cell";
import type { PairSynapses } from "../data/partner";
import type { Frame } from "../render/camera";
import type { Color, Paint } from "../render/colors";
import type { Marks } from "../render/renderer";
import { includesDirection, type State } from "../state";
import type { LegendSection } from "../view/legend-content";
import type { ExportActs } from "./export-menu";
import { neuroglancerUrl } from "./neuroglancer";
import { toPng } from "./png";
import { toPython } from "./python-code";
import { type SheetContent, shownSections } from "./sheet";
import { toSvg } from "./svg";
import { toSwc } from "./swc";
import { toCsv } from "./synapses-csv";

/** What the view shows. */
export interface ViewContent {
  cells: readonly Cell[];
  /** The number of cells that the legend hides. */
  hidden: number;
  paints: readonly Paint[];
  frame: Frame | null;
  background: Color;
  marks: Marks;
  legend: readonly LegendSection[];
  overlay: SVGSVGElement;
  /** The pair on view, whose cells are called A and B. */
  pair: PairSynapses | null;
  /** A description of the view in words. */
  caption: string;
  snapshot(ratio: number): HTMLCanvasElement | null;
  get<K extends keyof State>(trait: K): State[K];
}

/** What an exported picture says beside the picture itself. */
function sheetOf({ frame, background, cells, caption, legend, overlay, pair, get }: ViewContent) {
  if (!frame) throw new Error(NOTHING);
  const { source, package: software } = get("world");
  const [directions, hidden] = [get("synapses"), get("hidden_types")];
  const style = getComputedStyle(overlay);
  return {
    frame,
    background,
    names: (pair ? [pair.pre, pair.post] : cells).map(
      ({ id, about }, place) =>
        `${pair ? `${"AB"[place]} ` : ""}${clipped(about.type, 20) || "cell"} ${id}`,
    ),
    caption,
    sections: shownSections(legend, (shows) => {
      if ("cell" in shows) return cells.some(({ id }) => id === shows.cell);
      if ("type" in shows) return !hidden.includes(shows.type);
      return includesDirection(directions, shows.direction);
    }),
    source: [`data: ${clipped(source)}`, software ?? "microns-widgets"],
    ink: style.getPropertyValue("--ink").trim(),
    quiet: style.getPropertyValue("--quiet").trim(),
  } satisfies SheetContent;
}

const NOTHING = "There is no picture to save yet.";

export function exportActions(current: () => ViewContent): ExportActs {
  const content = () => {
    const now = current();
    if (now.cells.length === 0 && now.hidden > 0) throw new Error("All cells are hidden.");
    return now;
  };
  const name = (ending: string) => {
    const [first, ...others] = content().cells.map(({ id }) => id);
    const more = others.length > 0 ? `_and_${others.length}_more` : "";
    return `cell_${first ?? "none"}${more}.${ending}`;
  };
  return {
    async png(scale) {
      const { overlay, snapshot } = content();
      const picture = snapshot(scale);
      if (!picture) throw new Error(NOTHING);
      download(name("png"), await toPng(sheetOf(content()), picture, overlay));
    },
    svg() {
      const { cells, paints, overlay, marks } = content();
      download(name("svg"), toSvg(sheetOf(content()), cells, paints, overlay, marks));
    },
    swc() {
      const complete = content().cells.filter(({ tree }) => tree);
      if (complete.length === 0) throw new Error("There is no skeleton to save.");
      for (const cell of complete) download(`cell_${cell.id}.swc`, toSwc(cell));
    },
    csv: () => download(name("csv"), toCsv(content().cells, content().paints)),
    async python() {
      const line = toPython(current().get);
      if (!(await copyText(line))) {
        throw new Error(`The browser does not allow this page to copy. Copy this line: ${line}`);
      }
    },
    tables: () => current().get("world").tables ?? [],
    neuroglancer() {
      const { get, cells, paints } = current();
      const url = neuroglancerUrl(get("world"), cells, paints);
      if (url) return { url };
      const what = get("world").synthetic
        ? "The sample is synthetic"
        : "These data are not from the MICrONS volume";
      return { reason: `${what}: there are no images to show in Neuroglancer.` };
    },
  };
}

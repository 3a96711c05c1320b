// Creates the files, code and links of the export menu from what the view shows.

import { copyText } from "../../shared/clipboard";
import { download } from "../../shared/download";
import type { Cell } from "../data/cell";
import type { Frame } from "../render/camera";
import type { Color, Paint } from "../render/colors";
import type { State } from "../state";
import type { ExportActs } from "./export-menu";
import { neuroglancerUrl } from "./neuroglancer";
import { toPng } from "./png";
import { toPython } from "./python-code";
import { toSvg } from "./svg";
import { toSwc } from "./swc";
import { toCsv } from "./synapses-csv";

/** What the view shows. */
export interface ViewContent {
  cells: readonly Cell[];
  paints: readonly Paint[];
  frame: Frame | null;
  background: Color;
  overlay: SVGSVGElement;
  /** A description of the view in words. */
  caption: string;
  snapshot(ratio: number): HTMLCanvasElement | null;
  get<K extends keyof State>(trait: K): State[K];
}

const NOTHING = "There is no picture to save yet.";

export function exportActions(content: () => ViewContent): ExportActs {
  const name = (ending: string) => {
    const [first, ...others] = content().cells.map(({ id }) => id);
    const more = others.length > 0 ? `_and_${others.length}_more` : "";
    return `cell_${first ?? "none"}${more}.${ending}`;
  };
  return {
    async png(scale) {
      const { frame, overlay, snapshot, get } = content();
      const picture = snapshot(scale);
      if (!frame || !picture) throw new Error(NOTHING);
      download(name("png"), await toPng(picture, overlay, frame, get("world").source));
    },
    svg() {
      const { frame, cells, paints, overlay, background, caption, get } = content();
      if (!frame) throw new Error(NOTHING);
      const { source } = get("world");
      download(name("svg"), toSvg(frame, cells, paints, overlay, background, caption, source));
    },
    swc() {
      const complete = content().cells.filter(({ tree }) => tree);
      if (complete.length === 0) throw new Error("There is no skeleton to save.");
      for (const cell of complete) download(`cell_${cell.id}.swc`, toSwc(cell));
    },
    csv: () => download(name("csv"), toCsv(content().cells, content().paints)),
    async python() {
      const line = toPython(content().get);
      if (!(await copyText(line))) {
        throw new Error(`The browser does not allow this page to copy. Copy this line: ${line}`);
      }
    },
    neuroglancer() {
      const { get, cells, paints } = content();
      const url = neuroglancerUrl(get("world"), cells, paints);
      if (url) return { url };
      const what = get("world").synthetic
        ? "The sample is synthetic"
        : "These data are not from the MICrONS volume";
      return { reason: `${what}: there are no images to show in Neuroglancer.` };
    },
  };
}

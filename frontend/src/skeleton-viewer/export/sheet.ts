// What surrounds an exported picture: the legend beside it, and below it the source of the data and
// the version of the package.
import { clipped } from "../../shared/clipped";
import { svg } from "../../shared/dom";
import { grouped } from "../../shared/number-format";
import type { Frame } from "../render/camera";
import type { Color } from "../render/colors";
import type { LegendRow, LegendSection } from "../view/legend-content";
import { swatchMark } from "../view/legend-view";

export interface SheetContent {
  frame: Frame;
  background: Color;
  /** A line for each cell: its type and its root id. */
  names: readonly string[];
  /** The picture in words. */
  caption: string;
  sections: readonly LegendSection[];
  /** The source of the data, and the package that drew the picture. */
  source: readonly string[];
  /** Colours of text. */
  ink: string;
  quiet: string;
}

export interface Sheet {
  width: number;
  height: number;
  /** The legend and the footer, in their places. */
  parts: SVGElement[];
}

const LEGEND_WIDTH = 224;
const FOOTER = 26;
const MARGIN = 14;
const LINE = 16;
const FONT = { "font-family": "system-ui, sans-serif", "font-size": 11 };
const MOST_NAMES = 8;
// A picture with more rows would mostly be legend.
const MOST_ROWS = 40;
const LONGEST_NAME = 24;
const RAMP_ID = "ramp";

export function sheet(content: SheetContent): Sheet {
  const { frame, ink, quiet, source } = content;
  const left = frame.width + MARGIN;
  const right = frame.width + LEGEND_WIDTH - MARGIN;
  const parts: SVGElement[] = [];
  let y = MARGIN + 4;
  const text = (words: string, x: number, attributes: object = {}) =>
    parts.push(svg("text", { x, y, fill: ink, ...FONT, ...attributes }, words));

  const { names } = content;
  for (const name of names.slice(0, MOST_NAMES)) {
    text(name, left, { "font-weight": 600 });
    y += LINE;
  }
  if (names.length > MOST_NAMES) {
    text(`and ${names.length - MOST_NAMES} more cells`, left);
    y += LINE;
  }
  content.sections.forEach(({ title, rows = [], ramp, note }, place) => {
    y += 8;
    text(title, left, { "font-weight": 600 });
    y += LINE;
    if (ramp) {
      const id = `${RAMP_ID}${place}`;
      const stops = ramp.colors.map((color, i) =>
        svg("stop", { offset: i / (ramp.colors.length - 1), "stop-color": color }),
      );
      const size = { x: left, y: y - 10, width: right - left, height: 10 };
      parts.push(svg("linearGradient", { id }, ...stops));
      parts.push(svg("rect", { ...size, rx: 2, fill: `url(#${id})` }));
      y += LINE - 2;
      text(ramp.low, left, { fill: quiet });
      text(ramp.high, right, { fill: quiet, "text-anchor": "end" });
      y += LINE;
    }
    for (const row of rows.slice(0, MOST_ROWS)) {
      parts.push(mark(row, left, y, ink, quiet));
      const detail = [row.detail, row.note].filter(Boolean).join(" ");
      text(`${clipped(row.name, LONGEST_NAME)} ${detail}`.trim(), left + 18);
      if (row.count !== undefined)
        text(grouped(row.count), right, { fill: quiet, "text-anchor": "end" });
      y += LINE;
    }
    const left_out = rows.length - MOST_ROWS;
    for (const line of [left_out > 0 && `and ${left_out} more`, note].filter(Boolean)) {
      for (const words of wrapped(String(line))) {
        text(words, left, { fill: quiet });
        y += LINE;
      }
    }
  });
  const height = Math.max(frame.height, y) + FOOTER;
  y = height - 9;
  text(source.join(" · "), 12, { fill: quiet });
  const line = { stroke: quiet, "stroke-width": 0.5, "stroke-opacity": 0.5 };
  const [x, below] = [frame.width, height - FOOTER];
  parts.push(svg("line", { x1: x, x2: x, y1: 0, y2: below, ...line }));
  parts.push(svg("line", { x1: 0, x2: x + LEGEND_WIDTH, y1: below, y2: below, ...line }));
  return { width: frame.width + LEGEND_WIDTH, height, parts };
}

/** The legend's sections without what is hidden, and without types that have no colour. */
export function shownSections(
  sections: readonly LegendSection[],
  isShown: (shows: NonNullable<LegendRow["shows"]>) => boolean,
): LegendSection[] {
  return sections.flatMap((section) => {
    const rows = section.rows?.filter(({ shows }) => !shows || isShown(shows));
    const hidden = section.rows?.filter(({ shows }) => shows && !isShown(shows)) ?? [];
    const colored = rows?.some(({ color }) => color !== null) ?? false;
    const names = hidden
      .map(({ name, detail = "" }) => `${clipped(name, LONGEST_NAME)} ${detail}`.trim())
      .join(", ");
    const note = [section.note, names && `hidden: ${names}`].filter(Boolean).join("; ");
    if (!section.ramp && !colored && !note) return [];
    return { ...section, rows: colored ? rows : [], ...(note && { note }) } as LegendSection;
  });
}

function mark({ swatch, color }: LegendRow, x: number, y: number, ink: string, quiet: string) {
  const fill = color === "currentColor" ? ink : (color ?? "none");
  const place = { transform: `translate(${x} ${y - 10})` };
  return svg("g", { ...place, fill, stroke: quiet, "stroke-width": 0.6 }, swatchMark(swatch));
}

/** Lines of at most the width of the legend. */
function wrapped(words: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 36) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

// The view by type as a stand-alone file: on white, with the colour scale, what it shows, the axes
// and the source below.
import { FEWEST_EXPECTED } from "../../shared/contract";
import { svg } from "../../shared/dom";
import { colorAt, css, noConnection } from "../render/color-scales";
import type { Store } from "../store";
import { captionOf } from "../view/caption";
import { scaleOf } from "../view/legend";
import type { TypeView } from "../view/type-view";

const LINE = 17;
const BAR = { steps: 32, width: 4, height: 10 };
const LEFT = 10;
/** Narrower pictures get more room for their text. */
const NARROWEST = 560;
const CHARACTER = 6;

export function typesSvg(store: Store, types: TypeView): Blob {
  const picture = types.picture();
  for (const element of picture.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
  const size = (name: string) => Number(picture.getAttribute(name));
  const width = Math.max(size("width"), NARROWEST);
  const { title, low, high, middle } = scaleOf(store, false, 1, types.high);
  const caption = captionOf(store);
  const lines = wrapped(
    `Rows: presynaptic types. Columns: postsynaptic types. ${caption}`,
    (width - 2 * LEFT) / CHARACTER,
  );
  const top = size("height") + LINE;
  const text = (x: number, y: number, content: string) =>
    svg("text", { x, y, fill: "#1f2328" }, content);
  const bar = Array.from({ length: BAR.steps }, (_, step) =>
    svg("rect", {
      x: LEFT + step * BAR.width,
      y: top - BAR.height,
      width: BAR.width + 0.5,
      height: BAR.height,
      fill: css(colorAt(middle ? "ratio" : store.get("colormap"), step / (BAR.steps - 1))),
    }),
  );
  const afterBar = LEFT + BAR.steps * BAR.width + 8;
  const scale = `${low} – ${high}: ${title}`;
  const afterScale = afterBar + scale.length * CHARACTER + 16;
  const height = top + LINE * lines.length + 10;
  const sheet = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      style: "background: #fff; color: #222",
      "font-family": "system-ui, sans-serif",
      "font-size": 11,
    },
    svg("title", {}, `${title}. ${caption}`),
    svg("rect", { width, height, fill: "#fff" }),
    picture,
    ...bar,
    text(afterBar, top, scale),
    svg("rect", {
      x: afterScale,
      y: top - BAR.height,
      width: BAR.height,
      height: BAR.height,
      fill: noConnection("light"),
      stroke: "#8a919a",
    }),
    text(
      afterScale + BAR.height + 5,
      top,
      middle ? `fewer than ${FEWEST_EXPECTED} expected` : "no connection",
    ),
    ...lines.map((line, k) => text(LEFT, top + LINE * (k + 1), line)),
  );
  return new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml" });
}

function wrapped(text: string, most: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > most) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}
